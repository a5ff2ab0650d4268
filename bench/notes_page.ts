import { createNote } from "../domain/notes/notes.ts";
import { testApp } from "../tests/support/app.ts";
import { visitor } from "../tests/support/site.ts";

const NOTES = 5_000;
const REQUESTS = 250;

/** Server time of the notes page with 5,000 notes, in process: median and 99th percentile, ms. */
export async function notesPage(): Promise<{ p50: number; p99: number; bytes: number }> {
  await using t = await testApp();
  const person = await t.person("Ada");
  const text = "Release on **Thursday**; Bob takes the migration, Ana the pictures. #team ".repeat(
    5,
  );
  for (let i = 0; i < NOTES; i++) {
    t.clock.advance(1_000);
    await createNote(t.app, { ownerId: person.id, title: `Note ${i}`, text });
  }
  const ada = await visitor(t, person);
  const took: number[] = [];
  let bytes = 0;
  for (let i = 0; i < REQUESTS; i++) {
    const start = performance.now();
    const response = await ada.get("/", { headers: { accept: "text/html" } });
    bytes = (await response.text()).length;
    took.push(performance.now() - start);
    if (response.status !== 200) throw new Error(`The page answered ${response.status}`);
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor(took.length * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), bytes };
}
