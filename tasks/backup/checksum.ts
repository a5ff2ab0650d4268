import { createHash } from "node:crypto";
import { nameOf } from "./file.ts";

/** The file beside a backup that says what its bytes were; `sha256sum -c` reads it too. */
export const checksumName = (path: string): string => `${path}.sha256`;

/** The SHA-256 of a file of any size, in hex. */
export async function checksum(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await Deno.open(path);
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}

/** The line that `sha256sum` would write. */
export const checksumLine = (sum: string, path: string): string => `${sum}  ${nameOf(path)}\n`;

/** Whether a file is as it was when its checksum was written. */
export async function isWhole(path: string): Promise<boolean> {
  const [said = ""] = (await Deno.readTextFile(checksumName(path))).trim().split(/\s+/);
  return said.toLowerCase() === await checksum(path);
}
