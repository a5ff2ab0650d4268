import { assert } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { splitText } from "../../core/telegram_html.ts";
import { renderMarkdown } from "../../core/markdown.ts";
import { parseAddress, parseAddresses } from "../../domain/recipients/addresses.ts";
import { checkCron } from "../../domain/when/cron_rule.ts";
import { networkOf } from "../../domain/accounts/network.ts";
import { occurrenceRef } from "../../domain/reminders/occurrence_id.ts";
import { parseName, parseZone } from "../../domain/accounts/profile.ts";
import {
  excerptOf,
  firstLine,
  folded,
  noteText,
  oneLine,
  tagsOf,
} from "../../domain/notes/text.ts";
import { parseWhen } from "../../domain/when/when.ts";
import { clientAddress } from "../../routes/client_address.ts";
import { parseJson } from "../../routes/json_text.ts";
import { ownPath } from "../../routes/next.ts";
import { localeOf } from "../../views/chrome.ts";
import { bombs } from "../support/bombs.ts";
import { say } from "../support/figures.ts";

const KIB = 1_024;
const NOW = Date.parse("2026-11-25T10:00:00Z");
/**
 * What tells a bomb from a slow moment, ms: texts at the limit took 0.1–320 ms here, growing with
 * their length, and the library that made others famous took a minute (chrono-node, issue 399).
 */
const BOMB_MS = 10_000;

const forwarded = (text: string) => {
  const headers = new Headers();
  try {
    headers.set("x-forwarded-for", text);
  } catch {
    return; // no header can say that
  }
  const req = { header: (name: string) => headers.get(name) ?? undefined };
  clientAddress({ req, env: {} } as unknown as Parameters<typeof clientAddress>[0], 3);
};

/** Every parser of what people send, and how long a text comes to it. */
const PARSERS: [name: string, chars: number, parse: (text: string) => unknown][] = [
  ["the words of a time", 1_000, (text) => parseWhen(text, { now: NOW, zone: "Europe/Berlin" })],
  ["a cron rule", 100, (text) => checkCron(text, "Europe/Berlin")],
  ["one address", 320, (text) => parseAddress(text)],
  ["a list of addresses", 64 * KIB, (text) => parseAddresses(text)],
  ["Markdown", 100 * KIB, renderMarkdown],
  ["the text of a note", 100 * KIB, noteText],
  ["an excerpt", 100 * KIB, excerptOf],
  ["a first line", 100 * KIB, firstLine],
  ["tags", 100 * KIB, tagsOf],
  ["what is searched", 100 * KIB, folded],
  ["a title", 64 * KIB, (text) => oneLine(text, { field: "title", max: 200 })],
  ["a name", 200, parseName],
  ["a zone", 64 * KIB, parseZone],
  ["JSON", 256 * KIB, parseJson],
  ["a network", 32 * KIB, networkOf],
  ["X-Forwarded-For", 32 * KIB, forwarded],
  ["Accept-Language", 32 * KIB, localeOf],
  ["where to go next", 4 * KIB, (text) => ownPath(text)],
  ["an occurrence", 4 * KIB, occurrenceRef],
  ["a message in a chat", 100 * KIB, (text) => splitText(text)],
];

/** How long it takes, ms; being refused is an answer too. */
function timeOf(parse: (text: string) => unknown, text: string): number {
  const begun = performance.now();
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof AppError)) throw error; // a mistake, and no refusal
  }
  return performance.now() - begun;
}

for (const [name, chars, parse] of PARSERS) {
  Deno.test(`no text at its limit keeps ${name} busy`, () => {
    let slowest = { shape: "", ms: 0 };
    for (const { shape, text } of bombs(chars)) {
      const ms = timeOf(parse, text);
      if (ms > slowest.ms) slowest = { shape, ms };
    }
    say(`${name}, ${chars} characters: ${slowest.ms.toFixed(1)} ms for ${slowest.shape}`);
    assert(slowest.ms < BOMB_MS, `${slowest.shape} took ${slowest.ms} ms`);
  });
}

/** Those that look at the length before anything else; what reaches the others a door has cut. */
const MEASURED = [
  "the words of a time",
  "a cron rule",
  "one address",
  "a title",
  "a name",
  "a zone",
];

Deno.test("a text of a hundred times its limit is refused without being read", () => {
  for (const [name, chars, parse] of PARSERS) {
    if (!MEASURED.includes(name)) continue;
    for (const { shape, text } of bombs(chars * 100)) {
      const ms = timeOf(parse, text);
      assert(ms < BOMB_MS, `${name}: ${shape} took ${ms} ms`);
    }
  }
});
