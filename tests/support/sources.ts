/** Where the tree begins. */
export const root = new URL("../../", import.meta.url);

/** The paths of our modules in a folder and in those within it. */
export function* sources(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(`${folder}/`, root))) {
    if (isDirectory) yield* sources(`${folder}/${name}`);
    else if (/\.tsx?$/.test(name)) yield `${folder}/${name}`;
  }
}
