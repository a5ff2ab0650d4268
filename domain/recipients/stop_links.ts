import type { App } from "../../core/app.ts";
import { isId } from "../../core/ids.ts";
import type { SuppressionScope } from "../../kv/schema.ts";
import { hmac, sameBytes } from "../accounts/digest.ts";
import { stoppedBy } from "../mail/letter_from.ts";
import { type Addressee, addresseeOf } from "./addressee.ts";
import type { LetterFrom } from "./suppressions.ts";
import { linkNotFound } from "../accounts/tokens.ts";

/** Raised when what a link says changes; those with another number are read as they were made. */
const VERSION = "2";
const KINDS = ["sender", "broadcasts", "reminders", "notes", "account"] as const;

/** The right of who reads an address to stop mail to it. It never ends. */
export interface StopLink extends Addressee {
  /** What its letter was: a member's, an announcement, one's own reminder or note, about an account. */
  stops: typeof KINDS[number];
  /** Whose letter it was, or whose account it is about; null for announcements. */
  senderId: string | null;
}

export function scopeOf({ stops, senderId }: StopLink): SuppressionScope {
  if (stops === "account") return "all";
  return stops === "sender" ? `sender:${senderId}` : stops;
}

/**
 * What a link carries: all it means, and a proof that we wrote it (HMAC-SHA-256 with the instance's
 * secret). Nothing is stored, so it works when the accounts behind it are gone.
 */
export async function signStop(
  { secret }: Pick<App, "secret">,
  { stops, senderId, hash, box, shown }: StopLink,
): Promise<string> {
  const face = new TextEncoder().encode(shown)
    .toBase64({ alphabet: "base64url", omitPadding: true });
  const plain = box === hash ? "-" : box;
  const said = [VERSION, KINDS.indexOf(stops), senderId ?? "-", hash, plain, face].join(".");
  return `${said}.${await hmac(secret, `stop:${said}`)}`;
}

/** Reads what `signStop` wrote. @throws {AppError} `not_found` for what is altered. */
export async function readStop(
  { secret }: Pick<App, "secret">,
  text: string,
): Promise<StopLink> {
  const parts = text.slice(0, 1_000).split(".");
  const proof = parts.pop() ?? "";
  const said = parts.join(".");
  const bytes = (value: string) => new TextEncoder().encode(value);
  if (!sameBytes(bytes(proof), bytes(await hmac(secret, `stop:${said}`)))) throw linkNotFound();
  // From here on it is our own text; the rest guards against what an older version may have written.
  const [version, kind = "", sender = "", hash = "", ...rest] = parts;
  const [plain = "", face = ""] = version === "1" ? ["-", ...rest] : rest;
  const stops = /^\d$/.test(kind) ? KINDS[Number(kind)] : undefined;
  if (version !== VERSION && version !== "1" || stops === undefined) throw linkNotFound();
  if (sender !== "-" && !isId(sender)) throw linkNotFound();
  const shown = new TextDecoder().decode(Uint8Array.fromBase64(face, { alphabet: "base64url" }));
  const box = plain === "-" ? hash : plain;
  return { stops, senderId: sender === "-" ? null : sender, hash, box, shown };
}

/** Where the reader of a letter goes who wants no more of them. */
export interface StopAddresses {
  /** How more of them are stopped; null for letters about accounts, which cannot be. */
  stop: { label: string; href: string } | null;
  /** Where it is reported; null for what one sends oneself. */
  report: string | null;
}

/** The addresses for one letter; `ref` names the message, so that who is told of a report can read it. */
export async function stopAddresses(
  app: Pick<App, "secret" | "config">,
  letter: LetterFrom,
  { to, ref, own, from }: { to: string; ref: string; own: boolean; from: string },
): Promise<StopAddresses> {
  const scope = stoppedBy(letter, { own });
  const stops = scope === "broadcasts" || scope === "reminders" || scope === "notes"
    ? scope
    : scope === null
    ? "account"
    : "sender";
  const senderId = stops === "broadcasts" ? null : letter.ownerId;
  const token = await signStop(app, { ...await addresseeOf(app, to), stops, senderId });
  const href = `${app.config.origin}/u/${token}`;
  return {
    stop: stops === "account" ? null : { label: stopLabel(stops, from), href },
    report: own && stops !== "account" ? null : `${href}/report?m=${ref}`,
  };
}

/** What stopping it is called. */
export function stopLabel(stops: StopLink["stops"], from: string | null): string {
  switch (stops) {
    case "sender":
      return `Stop mails from ${from ?? "this sender"}`;
    case "broadcasts":
      return "Stop announcements";
    case "reminders":
      return "Stop your reminders by mail";
    case "notes":
      return "Stop notes to yourself by mail";
    case "account":
      return "Stop everything except sign-in mails";
  }
}
