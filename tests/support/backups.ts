/** The tasks that copy a store and bring it back, as a person runs them on a machine. */
import { assertEquals } from "@std/assert";
import { systemClock } from "../../adapters/clock.ts";
import { localHub } from "../../adapters/hub.ts";
import type { App } from "../../core/app.ts";
import { EMBEDDED } from "../../kv/limits.ts";
import { createStore } from "../../kv/store.ts";
import type { Machine } from "./machine.ts";
import { environment, publishedFlags } from "./process.ts";
import { assertNothingPrinted } from "./secrets.ts";

export interface Ran {
  code: number;
  says: string;
}

/** Runs a task with the permissions that are published, on the store of a machine. */
export async function run(
  m: Machine,
  task: "backup" | "restore" | "lost-factor",
  { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      ...await publishedFlags(m.dir, task),
      `tasks/${task.replace("-", "_")}.ts`,
      ...args,
    ],
    clearEnv: true,
    env: { ...environment(), KV_PATH: `${m.dir}/store.sqlite3`, ...env },
  }).output();
  const words = new TextDecoder();
  const says = words.decode(stdout) + words.decode(stderr);
  assertNothingPrinted(env, says);
  return { code, says };
}

/** Makes a backup of a machine's store. @returns its path. */
export async function backUp(m: Machine): Promise<string> {
  const { code, says } = await run(m, "backup", { args: [`${m.dir}/backups`] });
  assertEquals(code, 0, says);
  return /^Backed up to (\S+\.sqlite3):/.exec(says)![1]!;
}

/** Brings a backup back to a machine on which no server runs. @returns what was said. */
export async function bringBack(m: Machine, backup: string): Promise<string> {
  const { code, says } = await run(m, "restore", { args: [backup] });
  assertEquals(code, 0, says);
  return says;
}

/** Does something to a machine's store while no server runs. */
export async function inStore<T>(
  m: Machine,
  act: (app: Pick<App, "store" | "clock" | "hub">, kv: Deno.Kv) => Promise<T>,
): Promise<T> {
  const kv = await Deno.openKv(`${m.dir}/store.sqlite3`);
  const hub = localHub();
  try {
    const store = createStore({ kv, traits: EMBEDDED });
    return await act({ store, clock: systemClock, hub }, kv);
  } finally {
    hub.close();
    kv.close();
  }
}
