import type { App } from "../../core/app.ts";
import { z } from "zod";
import type { JobKind } from "../../jobs/catalog.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, readMany } from "../../kv/read.ts";
import type { Account, JobRecord, Sending } from "../../kv/schema.ts";
import { mustBeAdmin } from "./admins.ts";
import { type HeldText, heldTexts } from "../mail/held_texts.ts";
import type { Counted } from "./overview.ts";
import { sendingNow } from "../mail/sending.ts";

/** Most jobs looked at; with more the counts are at least. */
const MOST_LOOKED_AT = 5_000;

/** What people are sent, as admins count it. */
export type HeldKind = "notes" | "reminders" | "broadcasts" | "account";

const kinds: Partial<Record<JobKind, HeldKind>> = {
  email_note: "notes",
  fire_reminder: "reminders",
  send_broadcast: "broadcasts",
  deliver_broadcast: "broadcasts",
  email_account: "account",
  tell_chat: "account",
};

/** Both say when something was to be sent; of the others it is when they were asked for. */
const When = z.object({ ringAt: z.number().optional(), dueAt: z.number().optional() }).catch({});

export interface SendingView extends Sending {
  /** Jobs that wait for an admin's word since a restore; null where nothing is held so. */
  held: Record<HeldKind, Counted> | null;
  /** What several members mail and nobody has decided on. */
  texts: HeldText[];
}

/** What holds all sending, and how much waits. @throws {AppError} `not_found` for who is no admin. */
export async function sendingView(app: App, { by }: { by: Account }): Promise<SendingView> {
  mustBeAdmin(by);
  const sending = { ...await sendingNow(app), texts: await heldTexts(app, { by }) };
  const { restored } = sending;
  if (restored?.past !== "held") return { ...sending, held: null };
  const due = await list(app, ranges.jobsDue, { limit: MOST_LOOKED_AT });
  const jobs = await readMany(app, due.map((id) => keys.job(id)));
  const past = jobs.filter((job) => askedAt(job) < restored.at);
  const counted = (kind: HeldKind): Counted => ({
    count: past.filter((job) => kindOf(job) === kind).length,
    more: due.length === MOST_LOOKED_AT,
  });
  return {
    ...sending,
    held: {
      notes: counted("notes"),
      reminders: counted("reminders"),
      broadcasts: counted("broadcasts"),
      account: counted("account"),
    },
  };
}

const kindOf = ({ kind }: JobRecord) =>
  Object.hasOwn(kinds, kind) ? kinds[kind as JobKind] : undefined;

function askedAt({ payload, createdAt }: JobRecord): number {
  const { ringAt, dueAt } = When.parse(payload);
  return ringAt ?? dueAt ?? createdAt;
}
