import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { noteFile, noteFileName, parseNoteFile } from "../../domain/notes/note_file.ts";
import { noteText, oneLine } from "../../domain/notes/text.ts";
import type { Note } from "../../kv/schema.ts";

const note = (change: Partial<Note>): Note => ({
  id: "01jd00000000000000000000ab",
  ownerId: "01jd00000000000000000000ow",
  title: "T",
  tags: [],
  excerpt: "",
  size: 0,
  parts: 0,
  version: 1,
  lastMailing: null,
  createdAt: 1_700_000_000_000,
  updatedAt: 1_700_000_000_000,
  deletedAt: null,
  ...change,
});

Deno.test("a note's file has a name that every file system takes, whatever its title", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (title) => {
      const name = noteFileName(note({ title: title.toWellFormed() }));
      assert(/^[^<>:"/\\|?*\p{C}]+ [0-9a-z]{12}\.md$/u.test(name), JSON.stringify(name));
      assert(!/^[. ]/.test(name) && !name.includes(".."), name);
      assertLessOrEqual(new TextEncoder().encode(name).length, 130);
      assert(!/^(con|prn|aux|nul|com\d|lpt\d)[. ]/i.test(name), name);
    }),
    { numRuns: 2_000 },
  );
  assertEquals(noteFileName(note({ title: "../../etc/passwd" })), "etc passwd 0000000000ab.md");
  assertEquals(noteFileName(note({ title: "CON" })), "note CON 0000000000ab.md");
  assertEquals(noteFileName(note({ title: "" })), "note 0000000000ab.md");
});

Deno.test("a note comes out of its file as it went in", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.constantFrom("---\nid: x\n---\n", "# T\n\n# T", "\n\n", "---", "# ", ""),
  );
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 50 }), text, (rawTitle, raw) => {
      const safe = rawTitle.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "") || "T";
      const title = oneLine(safe, { field: "title", max: 200 });
      const kept = noteText(raw);
      const one = note({ title, updatedAt: 1_750_000_000_123 });
      const { id, createdAt, updatedAt } = one;
      const read = parseNoteFile(noteFile(one, kept), "a.md");
      assertEquals(read, { id, title: title.trim(), text: kept, createdAt, updatedAt });
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("a plain Markdown file of another program is a note too", () => {
  const nothing = { createdAt: null, updatedAt: null };
  assertEquals(parseNoteFile("# Shopping\n\n- milk\n", "notes/a.md"), {
    id: "file notes/a.md",
    title: "Shopping",
    text: "- milk\n",
    ...nothing,
  });
  assertEquals(parseNoteFile("\ufeffjust\r\nwords", "b.md"), {
    id: "file b.md",
    title: "",
    text: "just\nwords",
    ...nothing,
  });
  const edited =
    '---\r\nid: x1\r\ntitle: "A"\r\ncreated: nonsense\r\n---\r\n\r\n# Other\r\n\r\ntext';
  assertEquals(parseNoteFile(edited, "c.md"), {
    id: "x1",
    title: "A",
    text: "# Other\n\ntext",
    ...nothing,
  });
});
