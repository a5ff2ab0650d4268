import type { KeptAbout } from "../domain/recipients/kept_about.ts";
import { whatIsStopped, whyStopped } from "./account_stopped.tsx";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Time } from "./time.tsx";

export interface KeptProps {
  chrome: Chrome;
  /** Whose it is, as little as makes it known: "a…@example.org". */
  shown: string;
  kept: KeptAbout;
  /** The page that what can be done stands under. */
  base: string;
  /** It has just been erased. */
  erased: boolean;
}

/** What is stored about an address, for who reads it and has no account. */
export function KeptPage({ chrome, shown, kept, base, erased }: KeptProps) {
  const { asked, stopped, cameBack, reported } = kept;
  const { now, reader } = chrome;
  const time = (at: number) => <Time at={at} now={now} reader={reader} how="full" />;
  const nothing = asked.length + stopped.length + cameBack.length + reported.length === 0;
  return (
    <Document chrome={chrome} title="What is kept" layout="narrow">
      <section class="card sheet-form stops kept">
        <h1>Kept about {shown}</h1>
        {erased && <p role="status">Erased: nothing here says your address any more.</p>}
        {nothing && <p>Nothing is kept about this address.</p>}
        {asked.length > 0 && (
          <>
            <h2>Who asked to write to you</h2>
            <ul>
              {asked.map(({ from, address, state, invitedAt, decidedAt, waiting }, i) => (
                <li key={i}>
                  <p>
                    <strong dir="auto">{from ?? "A member who is gone"}</strong>
                    {` · asked `}
                    {time(invitedAt)}
                    {decidedAt === null ? " · no answer yet" : ` · ${answers[state]} `}
                    {decidedAt !== null && time(decidedAt)}
                  </p>
                  <p class="hint">
                    {address === "" ? "The address is not kept" : `Kept as ${address}`}
                    {waiting > 0 && `; ${waiting} waiting for your answer`}
                  </p>
                </li>
              ))}
            </ul>
          </>
        )}
        {stopped.length > 0 && (
          <>
            <h2>What does not reach you</h2>
            <ul>
              {stopped.map((one) => (
                <li key={one.scope}>
                  <p>
                    <strong>{whatIsStopped(one)}</strong> · {whyStopped(one)} {time(one.at)}
                  </p>
                </li>
              ))}
            </ul>
          </>
        )}
        {cameBack.length > 0 && <p>Mail could not be delivered: {time(cameBack.at(-1)!)}</p>}
        {reported.length > 0 && (
          <>
            <h2>What you reported</h2>
            <ul>
              {reported.map(({ from, at, title }, i) => (
                <li key={i}>
                  <p>
                    <strong dir="auto">{title || "Untitled"}</strong>
                    {` · from ${from ?? "a member who is gone"} · `}
                    {time(at)}
                  </p>
                </li>
              ))}
            </ul>
          </>
        )}
        <p class="hint">
          Messages, and lists of whom they went to, are kept with the members who wrote them, for 90
          days at most after they were sent. If you have an account, the rest is on your account
          page.
        </p>
        <p class="row">
          <a class="button" href={`${base}/kept.json`} download>Download</a>
          {!nothing && <a class="button quiet" href={`${base}/erase`}>Erase</a>}
        </p>
      </section>
    </Document>
  );
}

const answers: Record<KeptAbout["asked"][number]["state"], string> = {
  invited: "no answer yet",
  accepted: "you agreed",
  refused: "you refused",
};
