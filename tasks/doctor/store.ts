import { isRemote, openKv, StoreError, StoreInUse } from "../../adapters/embedded.ts";
import type { Store } from "../../core/app.ts";
import type { Config } from "../../core/config.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { EMBEDDED, REMOTE } from "../../kv/limits.ts";
import { createStore } from "../../kv/store.ts";
import { transact } from "../../kv/transact.ts";
import { type Finding, ill, well } from "./finding.ts";

export interface Looked {
  finding: Finding;
  /** Open, where it could be opened. */
  store: Store | null;
  close(): void;
}

const NAME = "store";

/** Opens the store as the server does, and writes and reads once; asks the server that has it, if one does. */
export async function lookAtStore({ kvPath, port }: Config): Promise<Looked> {
  const none = { store: null, close: () => {} };
  let opened;
  try {
    opened = await openKv(kvPath);
  } catch (error) {
    if (error instanceof StoreInUse) return { ...none, finding: await askServer(port) };
    if (!(error instanceof StoreError)) throw error;
    return {
      ...none,
      finding: ill(NAME, error.message, "mend that, or set KV_PATH to another place"),
    };
  }
  const alone = kvPath !== undefined && !isRemote(kvPath);
  const store = createStore({ kv: opened.kv, traits: alone ? EMBEDDED : REMOTE });
  return { finding: await tryWrite(store), store, close: opened.close };
}

async function tryWrite(store: Store): Promise<Finding> {
  const begun = performance.now();
  let empty = true;
  try {
    for await (const _ of store.list({ prefix: [] }, { limit: 1 })) empty = false;
    await transact({ store }, (tx) => tx.set(keys.trial, Date.now()));
    await store.get(keys.trial);
    await transact({ store }, (tx) => tx.delete(keys.trial));
  } catch (error) {
    const why = error instanceof AppError ? error.message : "it failed";
    return ill(
      NAME,
      `it does not take writes: ${why}`,
      "look at free space and at the store's server",
    );
  }
  const ms = Math.max(1, Math.round(performance.now() - begun));
  const works = `takes writes and gives them back, in ${ms} ms`;
  return well(NAME, empty ? `${works}; nothing is in it yet` : works);
}

/** The file is the server's, so it is for the server to say. */
async function askServer(port: number): Promise<Finding> {
  const answer = await fetch(`http://localhost:${port}/readyz`, {
    signal: AbortSignal.timeout(5_000),
  }).catch(() => null);
  await answer?.body?.cancel();
  if (answer === null) {
    return ill(
      NAME,
      `another process has it, and no server answers at port ${port}`,
      "set PORT as the server has it, or end the other process",
    );
  }
  if (answer.status !== 200) {
    return ill(
      NAME,
      "the running server has it, and says that it is not ready",
      "an admin sees at /admin what waits; its log says why",
    );
  }
  return well(NAME, "the running server has it, and says that it is ready");
}
