import type { App } from "../../core/app.ts";
import { isId } from "../../core/ids.ts";
import { hmac, sameBytes } from "./digest.ts";
import { occurrenceId, type OccurrenceName, occurrenceRef } from "../reminders/occurrence_id.ts";
import { linkNotFound } from "./tokens.ts";

/** What a link in a reminder's letter does. */
export type LinkAct = "done" | "1h" | "tomorrow";

const ACTS: readonly string[] = ["done", "1h", "tomorrow"];
/** How long a link works after the ringing that its letter told of, ms: 30 days. */
const LINK_MS = 30 * 86_400_000;

/** A right to one act on the ringing that a letter told of. */
export interface ReminderLink extends OccurrenceName {
  act: LinkAct;
  /** When it rang; part of the right, so that a letter does nothing to a later ringing. */
  ringAt: number;
  ownerId: string;
}

/**
 * What a link carries: all it means, and a proof that we wrote it (HMAC-SHA-256 with the instance's
 * secret over the purpose and all of it). Nothing is stored; the same link each time.
 */
export async function signLink(
  { secret }: Pick<App, "secret">,
  link: ReminderLink,
): Promise<string> {
  const said = textOf(link);
  return `${said}.${await hmac(secret, `reminder:${said}`)}`;
}

function textOf(link: ReminderLink): string {
  const { act, ringAt, ownerId } = link;
  return [act, occurrenceId(link), ringAt.toString(36), ownerId].join(".");
}

/** Reads what `signLink` wrote. @throws {AppError} `not_found` for what is altered or too old. */
export async function readLink(
  { secret, clock }: Pick<App, "secret" | "clock">,
  text: string,
): Promise<ReminderLink> {
  const [act = "", name = "", rang = "", ownerId = "", proof = "", ...rest] = text.slice(0, 300)
    .split(".");
  const ref = occurrenceRef(name);
  if (rest.length > 0 || !ACTS.includes(act) || ref === null || !isId(ownerId)) {
    throw linkNotFound();
  }
  if (!/^[0-9a-z]{1,11}$/.test(rang)) throw linkNotFound();
  const link = { ...ref, act: act as LinkAct, ringAt: parseInt(rang, 36), ownerId };
  const own = (await signLink({ secret }, link)).split(".").at(-1)!;
  const bytes = (value: string) => new TextEncoder().encode(value);
  if (!sameBytes(bytes(proof), bytes(own))) throw linkNotFound();
  if (clock.now() >= link.ringAt + LINK_MS) throw linkNotFound();
  return link;
}
