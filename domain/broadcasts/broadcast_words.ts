import { AppError } from "../../core/errors.ts";
import type { BroadcastChannels, BroadcastWhen } from "../../kv/schema.ts";
import { checkCron, nextCron } from "../when/cron_rule.ts";
import { parseZone } from "../accounts/profile.ts";
import { oneLine } from "../notes/text.ts";
import { formatWall, instantOf, parseWall, plusMonths, wallOf } from "../when/wall.ts";

/** With these both fit into one message of Telegram, which takes 4,096 characters. */
export const MAX_BROADCAST_TITLE_CHARS = 120;
export const MAX_BROADCAST_TEXT_CHARS = 1_000;
const FARTHEST_MONTHS = 120;
/** How long one for now can be taken back before anybody is told, ms. */
export const UNDO_MS = 60_000;

/** What an admin writes. */
export interface BroadcastWords {
  title: string;
  /** May be empty, where the title says it all. */
  text: string;
  channels: BroadcastChannels;
  when: BroadcastWhen;
}

/**
 * The same as it is kept: trimmed, with plain line ends, zones spelled as the registry does.
 *
 * @throws {AppError} `invalid` of "title", "text", "at", "cron" or "zone".
 */
export function parseBroadcast({ title, text, channels, when }: BroadcastWords): BroadcastWords {
  return {
    title: parseTitle(title),
    text: parseText(text),
    channels: { mail: channels.mail, telegram: channels.telegram },
    when: parseWhen(when),
  };
}

function parseTitle(text: string): string {
  const title = oneLine(text, { field: "title", max: MAX_BROADCAST_TITLE_CHARS });
  if (title === "") throw refuse("title", "Cannot announce without a title: write one");
  return title;
}

function parseText(given: string): string {
  const text = given.replaceAll("\r\n", "\n").replaceAll("\r", "\n").toWellFormed()
    // deno-lint-ignore no-control-regex -- control characters are what is left out
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "").trim();
  if ([...text].length > MAX_BROADCAST_TEXT_CHARS) {
    throw refuse(
      "text",
      `Cannot announce this: the text is longer than ${MAX_BROADCAST_TEXT_CHARS} characters`,
    );
  }
  return text;
}

function parseWhen(when: BroadcastWhen): BroadcastWhen {
  if (when.is === "now") return { is: "now" };
  const zone = parseZone(when.zone);
  if (when.is === "cron") {
    checkCron(when.pattern, zone);
    return { is: "cron", pattern: when.pattern.trim().replace(/\s+/g, " "), zone };
  }
  const wall = parseWall(when.wall);
  if (wall === null) throw refuse("at", "Cannot announce then: there is no such time");
  return { is: "at", wall: formatWall(wall), zone };
}

/**
 * The first time that a broadcast is due, ms; for now leaves time to undo it; of a wall time that comes twice the first, one that is
 * left out comes later by the gap.
 *
 * @throws {AppError} `invalid` of "at" when that is past or more than ten years ahead; of "cron"
 *   when it does not come any more.
 */
export function firstTime(when: BroadcastWhen, now: number): number {
  if (when.is === "now") return now + UNDO_MS;
  const { zone } = when;
  if (when.is === "cron") {
    const next = nextCron(when.pattern, zone, now);
    if (next === null) throw refuse("cron", "Cannot use this cron rule: it never comes");
    return next.at;
  }
  const wall = parseWall(when.wall) ?? NaN;
  if (wall > plusMonths(wallOf(now, zone), FARTHEST_MONTHS)) {
    throw refuse("at", "Cannot announce then: it is more than 10 years ahead");
  }
  const at = instantOf(wall, zone);
  if (at <= now) throw refuse("at", "Cannot announce then: it is past");
  return at;
}

/** The next times at which it would go out, at most `n`, ms. */
export function nextTimes(when: BroadcastWhen, now: number, n = 5): number[] {
  if (when.is === "now") return [];
  if (when.is === "at") return [instantOf(parseWall(when.wall) ?? NaN, when.zone)];
  const times: number[] = [];
  let next = nextCron(when.pattern, when.zone, now);
  while (next !== null && times.length < n) {
    times.push(next.at);
    next = nextCron(when.pattern, when.zone, next.at);
  }
  return times;
}

function refuse(field: string, message: string): AppError {
  return new AppError("invalid", message, { field });
}
