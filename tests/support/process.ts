/** The real thing: `main.ts` as a child process, with the permissions of the start task. */
import { SETTINGS } from "../../core/settings.ts";
import { assertNothingPrinted } from "./secrets.ts";

export interface ServerProcess extends AsyncDisposable {
  origin: string;
  pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** Resolves when it has printed a match, from the first line on; rejects when it ends without. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
  kill(signal: Deno.Signal): void;
  /** Resolves when it has ended. */
  ended: Promise<Deno.CommandStatus>;
}

export interface ProcessOptions {
  /** Its folder: the store is in it. */
  dir: string;
  port: number;
  env?: Record<string, string>;
  /** Instead of those of the published task. */
  flags?: string[];
}

/** A port of this machine that nobody uses now. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

/** The flags of a published task's program, with `dir` in the place of ./data. */
export async function publishedFlags(dir: string, task = "start"): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  const command: string = tasks[task].command;
  const flags = command.slice(command.lastIndexOf("deno run")).match(/--\S+/g) ?? [];
  return flags.map((flag) => flag.replace(/=data\b/, `=${dir}`));
}

/** What a published task's command itself sets in the environment of its program. */
async function publishedVariables(task = "start"): Promise<Record<string, string>> {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  const command: string = tasks[task].command;
  const before = command.slice(0, command.lastIndexOf("deno run")).split("&&").at(-1) ?? "";
  return Object.fromEntries(
    before.trim().split(/\s+/).filter(Boolean).map((one) => one.split("=")),
  );
}

/**
 * What Deno itself needs of the environment, without the settings of whoever runs the tests; but for
 * QUEUES, so that `QUEUES=off deno task test:system` shows that all of it works without them.
 */
export function environment(): Record<string, string> {
  const settings: string[] = [...SETTINGS, "DENO_KV_ACCESS_TOKEN"].filter((name) =>
    name !== "QUEUES"
  );
  const all = Object.entries(Deno.env.toObject()).filter(([name]) => !settings.includes(name));
  return { ...Object.fromEntries(all), NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
}

/** Starts the server; it may end by itself, as it does when the start is refused. */
export async function startProcess(
  { dir, port, env = {}, flags }: ProcessOptions,
): Promise<ServerProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags ?? await publishedFlags(dir), "main.ts"],
    clearEnv: true,
    env: {
      ...environment(),
      ...await publishedVariables(),
      PORT: String(port),
      KV_PATH: `${dir}/store.sqlite3`,
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

  let printed = "";
  const waiting = new Set<() => void>();
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      printed += decoder.decode(bytes, { stream: true });
      for (const look of waiting) look();
    }
  };
  let over = false;
  const ended = Promise.all([read(child.stdout), read(child.stderr)])
    .then(() => child.status)
    .finally(() => {
      over = true;
      for (const look of waiting) look();
    });

  const kill = (signal: Deno.Signal) => {
    try {
      child.kill(signal);
    } catch {
      // it has ended by itself
    }
  };
  return {
    origin: `http://localhost:${port}`,
    pid: child.pid,
    output: () => printed,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = printed.match(pattern);
          if (!match && !over) return;
          waiting.delete(look);
          if (match) resolve(match);
          else reject(new Error(`It never said ${pattern}:\n${printed}`));
        };
        waiting.add(look);
        look();
      }),
    kill,
    ended,
    async [Symbol.asyncDispose]() {
      if (!over) kill("SIGKILL");
      await ended;
      assertNothingPrinted(env, printed);
    },
  };
}

/** How much memory a process of this machine takes, MB. */
export async function rssOf(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(pid)] })
    .output();
  return Number(new TextDecoder().decode(stdout)) / 1_024;
}
