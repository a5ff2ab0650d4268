import { useEffect, useRef, useState } from "preact/hooks";
import { type Address, addressesIn } from "./addresses.ts";
import type { RecipientStanding } from "../domain/recipients/recipients.ts";
import { Pills } from "./Pills.tsx";
import { isRefused, waitingWords } from "./standings.ts";
import { keyOf, useStandings } from "./useStandings.ts";
import { count } from "./words.ts";

export interface RecipientsProps {
  /** As it was posted. */
  value: string;
  /** Refused by the server, with the reason. */
  wrong: Address[];
  /** How the sender stands with those that the server has looked at. */
  standings: RecipientStanding[];
  /** The sender's own address, one press away. */
  own: string | null;
  limit: number;
}

/** Who gets the mail: pills over a textarea, which stays what the form posts. */
export function Recipients({ value, wrong, standings: known, own, limit }: RecipientsProps) {
  const [awake, setAwake] = useState(false);
  const [all, setAll] = useState<Address[]>([]);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    setAll(addressesIn(area.current?.value ?? value));
    setAwake(true);
  }, []);
  const add = (text: string) =>
    setAll(addressesIn(`${all.map((one) => one.text).join("\n")}\n${text}`));

  const refused = new Map(wrong.map(({ text, why }) => [text.toLowerCase(), why]));
  const standings = useStandings(all, known);
  const judged = all.map(({ text, why }) => {
    const stands = standings.get(keyOf(text));
    const no = stands && isRefused(stands) ? stands.why : null;
    return { text, why: why ?? refused.get(keyOf(text)) ?? no, standing: stands?.standing };
  });
  const waiting = waitingWords(all.flatMap(({ text }) => standings.get(keyOf(text)) ?? []));
  const problems = awake ? judged.filter(({ why }) => why !== null) : wrong;
  const field = {
    "aria-describedby": "to-hint to-wrong",
    "aria-invalid": problems.length > 0 || undefined,
    placeholder: awake && all.length > 0 ? "Add another" : "ana@example.org, bob@example.org",
    spellcheck: false,
    autocapitalize: "none" as const,
  };
  const missing = own !== null &&
    !all.some(({ text }) => text.toLowerCase() === own.toLowerCase());
  return (
    <div class="recipients">
      <label for={awake ? "to-more" : "to"}>To</label>
      <textarea
        {...field}
        ref={area}
        id="to"
        name="to"
        rows={3}
        hidden={awake}
        required={!awake}
        value={awake ? all.map(({ text }) => text).join("\n") : value}
      />
      {awake && <Pills id="to-more" all={judged} field={field} onAdd={add} onChange={setAll} />}
      <p id="to-hint" class="hint">
        <span aria-live="polite">
          {awake
            ? count(all.length, "recipient", "recipients")
            : `Separate addresses by spaces, commas or lines; ${limit} is the most.`}
        </span>
        {all.length > limit && <span class="bad">{`${limit} is the most`}</span>}
        {awake && own && missing && (
          <button type="button" class="link" onClick={() => add(own)}>Add my own address</button>
        )}
      </p>
      <p class="hint" aria-live="polite">{awake && waiting}</p>
      <div id="to-wrong" class="wrong" role="alert">
        {problems.map(({ text, why }) => (
          <p key={text}>
            <bdi>{text}</bdi> {why}
          </p>
        ))}
      </div>
    </div>
  );
}
