import { z } from "zod";
import type { App } from "../core/app.ts";
import { requestMailing } from "../domain/mail/mailings.ts";
import { listNotes } from "../domain/notes/note_list.ts";
import { createNote, deleteNote, getNote, updateNote } from "../domain/notes/notes.ts";
import type { Note } from "../kv/schema.ts";
import { body, createRouter, me } from "./router.ts";
import { addressesOf } from "./recipients.ts";

const Draft = z.strictObject({ title: z.string().default(""), text: z.string().default("") });
const Edit = Draft.extend({ version: z.int() });
const MailingRequest = z.strictObject({
  to: z.union([z.string(), z.array(z.string()).max(1_000)]),
});

/** A note as the API shows it. */
export function noteView({ id, title, tags, excerpt, size, version, createdAt, updatedAt }: Note) {
  const iso = (at: number) => new Date(at).toISOString();
  return {
    id,
    title,
    tags,
    excerpt,
    size,
    version,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
  };
}

/** /api/notes */
export const notesRoutes = (app: App) =>
  createRouter()
    .get("/", async (c) => {
      const { q, tag, cursor } = c.req.query();
      const { items, next } = await listNotes(app, { ownerId: me(c).id, q, tag, cursor });
      return c.json({ items: items.map(noteView), next });
    })
    .post("/", body(Draft), async (c) => {
      const note = await createNote(app, { ...c.req.valid("json"), ownerId: me(c).id });
      return c.json(noteView(note), 201);
    })
    .get("/:id", async (c) => {
      const note = await getNote(app, { id: c.req.param("id"), ownerId: me(c).id });
      return c.json({ ...noteView(note), text: note.text });
    })
    .patch("/:id", body(Edit), async (c) => {
      const ref = { id: c.req.param("id"), ownerId: me(c).id };
      return c.json(noteView(await updateNote(app, { ...c.req.valid("json"), ...ref })));
    })
    .delete("/:id", async (c) => {
      await deleteNote(app, { id: c.req.param("id"), ownerId: me(c).id });
      return c.body(null, 204);
    })
    .post("/:id/mailings", body(MailingRequest), async (c) => {
      const jobId = await requestMailing(app, {
        noteId: c.req.param("id"),
        ownerId: me(c).id,
        to: addressesOf(c.req.valid("json").to),
        key: c.req.header("Idempotency-Key")?.slice(0, 128),
      });
      return c.json({ jobId }, 202);
    });
