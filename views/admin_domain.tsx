import type { DomainRecord, SenderDomain } from "../domain/mail/sender_domain.ts";
import { Fact } from "./admin_fact.tsx";

/** What the records of the domain say that mail comes from, and what is missing of them. */
export function DomainFacts({ domain: { domain, records } }: { domain: SenderDomain }) {
  return (
    <section class="domain" aria-labelledby="domain">
      <h2 id="domain">Records of {domain}</h2>
      <dl class="card instance">
        {records.map(({ name, is, says }) => (
          <Fact key={name} name={name}>
            <strong class={is === "bad" ? "bad" : undefined}>{words[is]}</strong>: {says}
          </Fact>
        ))}
      </dl>
    </section>
  );
}

const words: Record<DomainRecord["is"], string> = {
  good: "There",
  bad: "Missing",
  unknown: "Not known",
};
