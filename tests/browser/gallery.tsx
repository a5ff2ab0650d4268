import type { VNode } from "preact";
import { accountPages } from "./gallery_accounts.tsx";
import { factorPages } from "./gallery_factors.tsx";
import { adminPages } from "./gallery_admin.tsx";
import { boxPages } from "./gallery_boxes.tsx";
import { broadcastPages } from "./gallery_broadcasts.tsx";
import { chatPages } from "./gallery_chats.tsx";
import { dataPages } from "./gallery_data.tsx";
import { mailingPages } from "./gallery_mailings.tsx";
import { notePages } from "./gallery_note.tsx";
import { notesPages } from "./gallery_notes.tsx";
import { recipientPages } from "./gallery_recipients.tsx";
import { reminderPages } from "./gallery_reminders.tsx";
import { stopPages } from "./gallery_stops.tsx";
import { trustPages } from "./gallery_trust.tsx";

/** Every page in every state worth looking at, by name; for the eye and for axe. */
export const gallery: Record<string, VNode> = {
  ...notesPages,
  ...notePages,
  ...reminderPages,
  ...mailingPages,
  ...boxPages,
  ...accountPages,
  ...factorPages,
  ...dataPages,
  ...recipientPages,
  ...chatPages,
  ...stopPages,
  ...broadcastPages,
  ...adminPages,
  ...trustPages,
};
