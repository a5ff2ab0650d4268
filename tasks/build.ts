/** Bundles the islands for the browser into static/islands/; with `--watch` again at each change. */

const OUT = "static/islands";
/** One save is several events. */
const REST_MS = 100;

async function build(): Promise<void> {
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
  const built = new Set<string>();
  for (const { path, contents } of result.outputFiles ?? []) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (contents) await Deno.writeFile(`${OUT}/${name}`, contents);
    built.add(name);
  }
  for await (const { name } of Deno.readDir(OUT)) {
    if (!built.has(name)) await Deno.remove(`${OUT}/${name}`); // of an earlier build
  }
}

async function buildAtEachChange(): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const _ of Deno.watchFs("islands")) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // deno-lint-ignore no-console -- for the person who has just made a mistake
      build().catch((error) => console.error(error.message));
    }, REST_MS);
  }
}

await build();
if (Deno.args.includes("--watch")) await buildAtEachChange();
