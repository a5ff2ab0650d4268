import type { App } from "../../core/app.ts";
import { isId } from "../../core/ids.ts";
import { catalog } from "../../jobs/catalog.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Delivery, JobRecord, SuppressionScope } from "../../kv/schema.ts";
import { addressKey } from "../recipients/addresses.ts";
import { isOwnAddress } from "../recipients/own_address.ts";
import type { LetterFrom } from "../recipients/suppressions.ts";

/** A delivery that left once, with its job and what it was about. */
export interface Sent {
  delivery: Delivery;
  job: JobRecord;
  letter: LetterFrom;
  /** Its sender reads the address themselves. */
  own: boolean;
}

/** What a provider names by its ref; null when it is none of ours, any more, or went elsewhere. */
export async function sentByRef(
  app: App,
  { ref, address }: { ref: string; address?: string },
): Promise<Sent | null> {
  const [, jobId = "", number = ""] = /^(.{26})-(\d{1,6})$/.exec(ref) ?? [];
  if (!isId(jobId)) return null;
  const [job, delivery] = await Promise.all([
    read(app, keys.job(jobId)),
    read(app, keys.delivery(jobId, Number(number))),
  ]);
  if (job === null || delivery?.channel !== "mail") return null;
  if (address !== undefined && addressKey(address) !== addressKey(delivery.to)) return null;
  const letter = await letterOf(app, job);
  const owner = letter.ownerId === null ? null : await read(app, keys.account(letter.ownerId));
  const own = owner !== null && await isOwnAddress(app, owner, delivery.to);
  return { delivery, job, letter, own };
}

async function letterOf(app: App, { kind, ownerId, payload }: JobRecord): Promise<LetterFrom> {
  if (kind === "fire_reminder") {
    const { data } = catalog.fire_reminder.payload.safeParse(payload);
    const reminder = data && await read(app, keys.reminder(data.reminderId));
    return { kind: "reminder", ownerId: reminder?.ownerId ?? null };
  }
  if (kind === "deliver_broadcast") return { kind: "broadcast", ownerId: null };
  if (kind === "email_note") return { kind: "note", ownerId };
  if (kind === "email_invitation") {
    const { data } = catalog.email_invitation.payload.safeParse(payload);
    return { kind: "invitation", ownerId: data?.ownerId ?? null };
  }
  return { kind: "account", ownerId: null };
}

/** What its reader stops who wants no more letters like this one; null where none can be told apart. */
export function stoppedBy(
  { kind, ownerId }: LetterFrom,
  { own }: { own: boolean },
): SuppressionScope | null {
  if (kind === "broadcast") return "broadcasts";
  if (kind === "account" || ownerId === null) return null;
  if (!own) return `sender:${ownerId}`;
  return kind === "reminder" ? "reminders" : "notes";
}
