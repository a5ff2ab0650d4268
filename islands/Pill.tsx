import type { Address } from "./addresses.ts";
import type { Standing } from "../domain/recipients/recipients.ts";
import { Mark } from "./marks.tsx";
import { standingSigns } from "./standings.ts";

/** How one stands with the address: picture and colour, and the word beside it. */
export function StandingSign({ standing }: { standing: Standing }) {
  const { word, mark, tone } = standingSigns[standing];
  return (
    <span class={`sign ${tone}`}>
      <Mark name={mark} />
      {standing === "allowed" ? <span class="unseen">{word}</span> : word}
    </span>
  );
}

export interface PillProps {
  address: Address;
  onRemove(address: Address): void;
  /** Back into the field, to be typed right. */
  onFix(address: Address): void;
}

/** One recipient; a wrong one is red, says so and can be taken back into the field. */
export function Pill({ address, onRemove, onFix }: PillProps) {
  const { text, why, standing } = address;
  return (
    <li class={why === null ? "pill" : "pill bad"}>
      {why !== null && !standing && <Mark name="fail" />}
      {why === null ? <bdi>{text}</bdi> : (
        <button
          type="button"
          class="link"
          title="Fix this address"
          onClick={() => onFix(address)}
        >
          <bdi>{text}</bdi>
        </button>
      )}
      {standing && <StandingSign standing={standing} />}
      <button
        type="button"
        class="remove"
        aria-label={`Remove ${text}`}
        onClick={() => onRemove(address)}
      >
        <svg class="icon" width="14" height="14" viewBox="0 0 24 24" aria-hidden="true">
          <path d="m7 7 10 10M17 7 7 17" />
        </svg>
      </button>
    </li>
  );
}
