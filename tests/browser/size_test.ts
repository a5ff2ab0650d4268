import { assertLessOrEqual } from "@std/assert";

/** What the notes page may load of script, gzipped. */
const MOST_BYTES = 20_000;

Deno.test("all islands together are at most 20 kB over the wire", async () => {
  const script = await Deno.readFile("static/islands/hydrate.js");
  const zipped = new Blob([script]).stream().pipeThrough(new CompressionStream("gzip"));
  const { byteLength } = await new Response(zipped).arrayBuffer();
  assertLessOrEqual(byteLength, MOST_BYTES);
});
