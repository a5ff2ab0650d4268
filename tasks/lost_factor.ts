/**
 * Removes the second factors of somebody who has lost them all, on the word of who has the machine:
 * `deno task lost-factor ADDRESS`. Where the store is a file, the server is stopped meanwhile.
 */
import { systemClock } from "../adapters/clock.ts";
import { isRemote, openKv, StoreError } from "../adapters/embedded.ts";
import { localHub } from "../adapters/hub.ts";
import { AppError } from "../core/errors.ts";
import { removeLostFactors } from "../domain/factors/lost.ts";
import { EMBEDDED, REMOTE } from "../kv/limits.ts";
import { createStore } from "../kv/store.ts";

const CANNOT = "Cannot remove the second factors";

/** @returns what was done. @throws {AppError} saying what is in the way; `StoreError` likewise. */
async function remove(path: string | undefined, address: string): Promise<string> {
  const opened = await openKv(path);
  const hub = localHub();
  try {
    const shared = path === undefined || isRemote(path);
    const store = createStore({ kv: opened.kv, traits: shared ? REMOTE : EMBEDDED });
    const app = { store, clock: systemClock, hub, waker: { wake() {} } };
    const { shortPassword } = await removeLostFactors(app, address);
    return [
      "Removed all second factors of the account, and ended its sessions.",
      shortPassword
        ? "Its password was too short to stand alone: a new one is chosen by “Forgot your password?”."
        : "Sign in with the password, and add a second factor again.",
      "A letter tells its owner, as soon as the server runs.",
    ].join("\n");
  } finally {
    hub.close();
    opened.close();
  }
}

// deno-lint-ignore no-console -- for the person at the terminal
const say = console.log;
try {
  const [address, ...more] = Deno.args;
  if (address === undefined || more.length > 0) {
    throw new AppError("invalid", "say deno task lost-factor you@example.org");
  }
  const onDeploy = Deno.env.get("DENO_DEPLOYMENT_ID") !== undefined;
  const path = onDeploy ? undefined : Deno.env.get("KV_PATH") ?? "./data/clock_work.sqlite3";
  say(await remove(path, address));
} catch (error) {
  if (!(error instanceof AppError || error instanceof StoreError)) throw error;
  say(`${CANNOT}: ${error.message}`);
  Deno.exit(1);
}
