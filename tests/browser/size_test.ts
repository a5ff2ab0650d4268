import { assertLessOrEqual } from "@std/assert";
import { readAssets } from "../../adapters/assets.ts";

/** What the notes page may load of script, gzipped. */
const MOST_BYTES = 20_000;

Deno.test("the script that every page loads is at most 20 kB over the wire", async () => {
  const { js, parts } = await readAssets();
  const sizes = await Promise.all([js!.split("?")[0]!, ...parts].map(zippedSize));
  assertLessOrEqual(sizes.reduce((sum, size) => sum + size), MOST_BYTES);
});

async function zippedSize(path: string): Promise<number> {
  const script = await Deno.readFile(`.${path}`);
  const zipped = new Blob([script]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(zipped).arrayBuffer()).byteLength;
}
