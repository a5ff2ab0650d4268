import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { TestApp } from "./app.ts";

/** The kinds of jobs that write letters, as their files say. */
export async function letterKinds(): Promise<string[]> {
  const kinds: string[] = [];
  for await (const { name } of Deno.readDir("queues")) {
    const source = await Deno.readTextFile(`queues/${name}`);
    if (/from "\.\.\/mails\/\w+\.tsx"/.test(source)) kinds.push(name.replace(/\.ts$/, ""));
  }
  return kinds.sort();
}

/** What a letter is, by its ref: the kind of its job, and which of those about accounts. */
export async function kindOf({ app }: TestApp, ref: string): Promise<string> {
  const job = await read(app, keys.job(ref.split("-")[0]!));
  if (job === null) throw new Error(`no job sent ${ref}`);
  const { letter = "" } = job.payload as { letter?: string };
  return [job.kind, letter].join(" ").trim();
}
