import type { App } from "../../core/app.ts";
import { addressHash, masked } from "./address_hash.ts";
import { mailboxOf } from "./mailbox.ts";

/** An address by the hashes under which stands what keeps mail from it. */
export interface Spelling {
  /** Of the address as it is spelled. */
  hash: string;
  /** Of its mailbox in the plain spelling; the same for most. */
  box: string;
}

/** An address as suppressions know it. */
export interface Addressee extends Spelling {
  /** For people: "a…@example.org". */
  shown: string;
}

export async function addresseeOf(app: Pick<App, "secret">, address: string): Promise<Addressee> {
  const [hash, box] = await Promise.all([
    addressHash(app, address),
    addressHash(app, mailboxOf(address)),
  ]);
  return { hash, box, shown: masked(address) };
}
