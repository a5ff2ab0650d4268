import { assert } from "@std/assert";

/** What a parser that shares nothing with ours reads in a raw message. */
export interface ReadMail {
  headers: string[];
  subject: string;
  from: [string, string][];
  to: string[];
  replyTo: string[];
  messageId: string;
  autoSubmitted: string;
  text: string;
  html: string;
  defects: string[];
}

/** Reads raw messages with the e-mail package of Python. */
export async function readMail(raws: readonly string[]): Promise<ReadMail[]> {
  const dir = await Deno.makeTempDir();
  try {
    const paths = raws.map((_, i) => `${dir}/${i}.eml`);
    for (const [i, raw] of raws.entries()) await Deno.writeTextFile(paths[i]!, raw);
    const { stdout, stderr, success } = await new Deno.Command("python3", {
      args: ["tests/support/read_mail.py", ...paths],
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
