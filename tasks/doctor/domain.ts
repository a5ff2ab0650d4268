import { createNames } from "../../adapters/names.ts";
import { systemClock } from "../../adapters/clock.ts";
import type { Names } from "../../core/app.ts";
import type { Config } from "../../core/config.ts";
import { senderDomain } from "../../domain/mail/sender_domain.ts";
import { type Finding, ill, well } from "./finding.ts";

const NAME = "domain";
/** Nobody waits for a page here, ms. */
const TIMEOUT_MS = 5_000;

/** Whether receivers can tell by the records of its domain that mail from MAIL_FROM is ours. */
export async function lookAtDomain(
  config: Config,
  names: Names = createNames({ clock: systemClock, timeoutMs: TIMEOUT_MS }),
): Promise<Finding> {
  const found = await senderDomain({ names, config });
  if (found === null) {
    return well(NAME, "nothing to look at: no mail leaves, or from nobody's domain");
  }
  const { domain, records } = found;
  const says = `${domain}${
    records.map(({ name, says }) => `\n            ${name}: ${says}`).join("")
  }`;
  if (records.every(({ is }) => is !== "bad")) return well(NAME, says);
  return ill(
    NAME,
    says,
    "set them where the domain is kept; receivers may refuse mail without them",
  );
}
