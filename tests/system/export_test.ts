import { assert, assertEquals, assertLess } from "@std/assert";
import { exportOf, requestExport } from "../../domain/data/exports.ts";
import { fileParts } from "../../domain/data/files.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { keys } from "../../kv/keys.ts";
import { transact } from "../../kv/transact.ts";
import { testApp } from "../support/app.ts";
import { say } from "../support/figures.ts";
import { joined } from "../support/zips.ts";

interface Seen {
  broken: string | null;
  names: string[];
  notes: number;
  headings: number;
  rows: string[][];
  format: string;
}

async function readWithPython(zip: Uint8Array): Promise<Seen> {
  const path = await Deno.makeTempFile({ suffix: ".zip" });
  try {
    await Deno.writeFile(path, zip);
    const { stdout, stderr, success } = await new Deno.Command("python3", {
      args: ["tests/support/read_zip.py", path],
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(path);
  }
}

const NOTES = 5_000;
const titles = ["=SUM(A1:A9)", "a/b\\c", 'say "hi", twice', "घड़ी का काम", "CON", "../../x", "-1"];

Deno.test("readers that share nothing with ours read a file of 5,000 notes and 1,000 messages", async () => {
  await using t = await testApp({ env: { RECIPIENT_CHECK: "off", SIGNUP: "closed" } });
  const { id: ownerId } = await t.person("Ada");
  await transact(t.app, (tx) => tx.set(keys.sender(ownerId), { paused: null, perDay: 10_000 }));
  const notes: string[] = [];
  for (let i = 0; i < NOTES; i++) {
    const title = titles[i % titles.length]!;
    const text = `${i}\r\n"quoted", =1+1\n`.repeat(1 + i % 50);
    notes.push((await createNote(t.app, { ownerId, title, text })).id);
  }
  for (let m = 0; m < 10; m++) {
    const to = Array.from({ length: 100 }, (_, i) => `+to${m}.${i}@example.net`);
    await requestMailing(t.app, { noteId: notes[m]!, ownerId, to });
  }
  await t.drain();
  const begun = performance.now();
  await requestExport(t.app, { accountId: ownerId });
  await t.drain();
  const ms = performance.now() - begun;
  const { file, job } = await exportOf(t.app, ownerId);
  assertEquals(job?.state, "completed");
  const zip = joined(await Array.fromAsync(fileParts(t.app, file!)));
  const seen = await readWithPython(zip);
  say(`${NOTES} notes, ${(zip.length / 1e6).toFixed(1)} MB, ${(ms / 1_000).toFixed(1)} s`);
  assertEquals([seen.broken, seen.format], [null, "clock-work"]);
  assertEquals([seen.notes, seen.headings], [NOTES, NOTES]);
  assertEquals(new Set(seen.names.map((name) => name.toLowerCase())).size, seen.names.length);
  const [head, ...rows] = seen.rows;
  assertEquals(head, ["at", "about", "title", "by", "to", "state", "reason", "tries"]);
  assertEquals(rows.length, 1_000);
  for (const row of rows) {
    assertEquals(row.length, 8);
    assert(row.every((cell) => !/^[=+\-@\t\r]/.test(cell)), row.join());
  }
  assertEquals(new Set(rows.map((row) => row[4])).size, 1_000);
  assertLess(ms, 60_000);
});
