import { addressKey } from "./addresses.ts";

/** Where dots before the @ mean nothing, and what the domain is also called. */
const DOTLESS: Record<string, string> = {
  "gmail.com": "gmail.com",
  "googlemail.com": "gmail.com",
};

/**
 * The plain spelling of an address, for counting what reaches one person: without what stands behind a
 * plus, and without dots where they mean nothing. Never to be mailed: some servers do tell them apart.
 */
export function mailboxOf(address: string): string {
  const key = addressKey(address);
  const at = key.lastIndexOf("@");
  const domain = key.slice(at + 1);
  const local = key.slice(0, at).replace(/(?<=.)\+.*$/, "");
  const same = DOTLESS[domain];
  return same === undefined ? `${local}@${domain}` : `${local.replaceAll(".", "")}@${same}`;
}
