/** Bundles the islands for the browser into static/islands/. */

const OUT = "static/islands";

const result = await Deno.bundle({
  entrypoints: ["islands/hydrate.ts"],
  outputDir: OUT,
  platform: "browser",
  format: "esm",
  minify: true,
  codeSplitting: true,
  sourcemap: "linked",
  write: false,
});
for (const { text } of result.errors) throw new Error(`Cannot bundle the islands: ${text}`);
await Deno.mkdir(OUT, { recursive: true });
for (const { path, contents } of result.outputFiles ?? []) {
  if (contents) await Deno.writeFile(`${OUT}/${path.slice(path.lastIndexOf("/") + 1)}`, contents);
}
