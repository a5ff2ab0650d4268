import type { Ctx } from "./router.ts";

/**
 * From which network address a request comes: the peer's, or behind `proxies` of our own the entry
 * that the outermost of them wrote into X-Forwarded-For. Entries left of that one are the sender's
 * own words, and forged at will (ASVS 5.0, 15.3.4).
 */
export function clientAddress(c: Pick<Ctx, "req" | "env">, proxies: number): string {
  const remote = c.env?.remoteAddr;
  const peer = remote && "hostname" in remote ? remote.hostname : "local";
  if (proxies === 0) return plain(peer);
  const forwarded = c.req.header("x-forwarded-for")?.split(",").slice(-proxies) ?? [];
  const entry = forwarded.length < proxies ? undefined : forwarded[0];
  return address(entry?.trim() ?? "") ?? plain(peer);
}

/** An entry as an address without port; null when it is none. */
function address(entry: string): string | null {
  const [, bare = entry] = /^\[([^\]]*)\](?::\d+)?$/.exec(entry) ??
    /^([\d.]+):\d+$/.exec(entry) ?? [];
  const host = bare.includes(":") ? `[${bare}]` : bare;
  if (!/^(\d{1,3}(\.\d{1,3}){3}|\[[\da-f:.]+\])$/i.test(host)) return null;
  return URL.canParse(`http://${host}`) ? plain(bare) : null;
}

/** IPv4 as it is, also where a socket shows it as IPv6. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, "");

/** What the browser calls itself. */
export const agentOf = (c: Pick<Ctx, "req">): string => c.req.header("user-agent") ?? "";
