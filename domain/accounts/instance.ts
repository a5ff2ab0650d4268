import type { Store } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import { transact } from "../../kv/transact.ts";

const SECRET_BYTES = 32;

/** The bytes that sign: those of the setting, else made once and kept in the store. */
export async function instanceSecret(store: Store, setting?: string): Promise<Uint8Array> {
  if (setting !== undefined) return new TextEncoder().encode(setting);
  return await transact({ store }, async (tx) => {
    const instance = await tx.get(keys.instance);
    if (instance) return instance.secret;
    const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
    tx.set(keys.instance, { secret });
    return secret;
  });
}
