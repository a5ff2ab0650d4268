import type { App } from "../../core/app.ts";
import { addressKey } from "./addresses.ts";
import { hmac } from "../accounts/digest.ts";

/**
 * What stands for an address in keys that outlive accounts: HMAC-SHA-256 with the instance's secret
 * over its canonical form, so that who reads the store cannot try addresses out.
 */
export function addressHash({ secret }: Pick<App, "secret">, address: string): Promise<string> {
  return hmac(secret, `address:${addressKey(address)}`);
}

/** An address as those may see it who need not know it: "a…@example.org". */
export function masked(address: string): string {
  const at = address.lastIndexOf("@");
  return `${[...address][0] ?? ""}…${at < 0 ? "" : address.slice(at)}`;
}
