import type { App } from "../../core/app.ts";
import { hmac } from "./digest.ts";
import { dayOf } from "../mail/mail_days.ts";

/**
 * The network that an address stands for: an IPv4 address, or the first half of an IPv6 address,
 * because every customer has as many second halves as they like.
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const canonical = URL.parse(`http://[${address.split("%")[0]}]`)?.hostname.slice(1, -1);
  if (canonical === undefined) return address;
  const [head = "", tail] = canonical.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(zeros).fill("0"), ...right];
  if (groups.slice(0, 6).join(":") === "0:0:0:0:0:ffff") return mapped(groups.slice(6));
  return `${groups.slice(0, 4).join(":")}::/64`;
}

/** The IPv4 address within an IPv6 address. */
function mapped(groups: string[]): string {
  const [high = 0, low = 0] = groups.map((group) => parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** A network as its owner recognizes it and no log gives it away: "203.0.113.x", "2001:db8:1:x". */
export function shortNetwork(address: string): string {
  const network = networkOf(address);
  if (network.includes(":")) return `${network.split(":").slice(0, 3).join(":")}:x`;
  return network.includes(".") ? network.replace(/\.[^.]*$/, ".x") : network;
}

/** What stands for a network in the audit log: the same all day, and not to be tried out. */
export async function networkHash(
  { secret, clock }: Pick<App, "secret" | "clock">,
  address: string,
): Promise<string> {
  const hash = await hmac(secret, `network:${dayOf(clock.now())}:${networkOf(address)}`);
  return hash.slice(0, 16);
}
