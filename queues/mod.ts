import type { Handlers } from "../jobs/handler.ts";
import { emailAccount } from "./email_account.ts";
import { emailNote } from "./email_note.ts";
import { prune } from "./prune.ts";
import { purgeNoteJob } from "./purge_note.ts";

/** One handler for each kind of the catalogue, or it does not compile. */
export const handlers: Handlers = {
  email_note: emailNote,
  email_account: emailAccount,
  prune,
  purge_note: purgeNoteJob,
};
