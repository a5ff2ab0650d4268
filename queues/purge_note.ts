import { purgeNote } from "../domain/notes/notes.ts";
import { cancel, completed, type Handler } from "../jobs/handler.ts";

/** Erases a note that was deleted and not brought back. */
export const purgeNoteJob: Handler<"purge_note"> = async (app, { payload }) => {
  return await purgeNote(app, payload) ? completed() : cancel("the note was brought back");
};
