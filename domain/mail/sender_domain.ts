import type { App } from "../../core/app.ts";

/** What one kind of record of the domain that mail comes from says. */
export interface DomainRecord {
  name: "SPF" | "DKIM" | "DMARC";
  /** `unknown`: it could not be looked up, or not be known what to look for. */
  is: "good" | "bad" | "unknown";
  says: string;
}

export interface SenderDomain {
  domain: string;
  records: DomainRecord[];
}

type Of = Pick<App, "names"> & { config: Pick<App["config"], "mailFrom" | "mailjet" | "smtpUrl"> };

/** Under which name Mailjet publishes its key; that of another service is its own affair. */
const MAILJET_SELECTOR = "mailjet";

/**
 * Whether receivers can tell that mail from our address is ours: SPF (RFC 7208), DKIM (RFC 6376) and
 * DMARC (RFC 7489) of its domain. Null where no mail leaves, and for domains that are nobody's.
 */
export async function senderDomain({ names, config }: Of): Promise<SenderDomain | null> {
  const domain = publicDomain(config.mailFrom);
  if (domain === null || !config.mailjet && !config.smtpUrl) return null;
  const txt = (name: string) => names.records(name, "TXT");
  const [own, key, policies, post] = await Promise.all([
    txt(domain),
    config.mailjet ? txt(`${MAILJET_SELECTOR}._domainkey.${domain}`) : null,
    Promise.all(withParents(domain).map((name) => txt(`_dmarc.${name}`))),
    names.records(domain, "MX"),
  ]);
  const seen = [own, key, post, ...policies].some((found) => found !== null && found.length > 0);
  const records = [
    spf(own),
    config.mailjet ? dkim(key) : unknown("DKIM", "only your mail service knows under which name"),
    dmarc(policies),
  ];
  if (seen) return { domain, records };
  const nothing = "this machine sees no records of the domain at all";
  return {
    domain,
    records: records.map(({ name, is, says }) => unknown(name, is === "bad" ? nothing : says)),
  };
}

/** The domain of an address, where it can be anybody's (RFC 2606, RFC 6761, RFC 6762). */
export function publicDomain(address: string): string | null {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  const ascii = URL.parse(`http://${domain}`)?.hostname.replace(/\.$/, "") ?? "";
  if (!/^([a-z0-9_-]+\.)+[a-z][a-z0-9-]*$/.test(ascii)) return null;
  const reserved =
    /(^|\.)(localhost|local|test|example|invalid|internal|home\.arpa|example\.(com|net|org))$/;
  return reserved.test(ascii) ? null : ascii;
}

/** A domain and those above it: where it says nothing of its own, theirs counts. */
function withParents(domain: string): string[] {
  const labels = domain.split(".");
  return labels.slice(0, -1).map((_, i) => labels.slice(i).join(".")).slice(0, 5);
}

const unknown = (name: DomainRecord["name"], says: string): DomainRecord => ({
  name,
  is: "unknown",
  says,
});
const COULD_NOT = "could not look";

function spf(found: string[] | null): DomainRecord {
  if (found === null) return unknown("SPF", COULD_NOT);
  const all = found.filter((text) => /^v=spf1( |$)/i.test(text));
  if (all.length === 1) return { name: "SPF", is: "good", says: all[0]! };
  const says = all.length === 0
    ? "there is none: say in a TXT record which servers send for the domain"
    : "there are several, which count as none: put them into one";
  return { name: "SPF", is: "bad", says };
}

function dkim(found: string[] | null): DomainRecord {
  if (found === null) return unknown("DKIM", COULD_NOT);
  const there = found.some((text) => /(^|;)\s*p=\s*[^;\s]/.test(text)); // without a key it is revoked
  return there
    ? { name: "DKIM", is: "good", says: `there is a key under ${MAILJET_SELECTOR}._domainkey` }
    : {
      name: "DKIM",
      is: "bad",
      says: `there is no key under ${MAILJET_SELECTOR}._domainkey: Mailjet shows what to set there`,
    };
}

function dmarc(policies: (string[] | null)[]): DomainRecord {
  for (const found of policies) {
    if (found === null) return unknown("DMARC", COULD_NOT);
    const policy = found.find((text) => /^v=DMARC1\s*(;|$)/i.test(text));
    if (policy !== undefined) return { name: "DMARC", is: "good", says: policy };
  }
  const says = "there is none: set one under _dmarc, at first with p=none";
  return { name: "DMARC", is: "bad", says };
}
