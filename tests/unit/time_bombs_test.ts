import { assert } from "@std/assert";
import { splitText } from "../../core/telegram_html.ts";
import { renderMarkdown } from "../../core/markdown.ts";
import { parseAddress, parseAddresses } from "../../domain/addresses.ts";
import { checkCron } from "../../domain/cron_rule.ts";
import { networkOf } from "../../domain/network.ts";
import { occurrenceRef } from "../../domain/occurrence_id.ts";
import { parseName, parseZone } from "../../domain/profile.ts";
import { excerptOf, firstLine, folded, noteText, oneLine, tagsOf } from "../../domain/text.ts";
import { parseWhen } from "../../domain/when.ts";
import { clientAddress } from "../../routes/client_address.ts";
import { parseJson } from "../../routes/json_text.ts";
import { ownPath } from "../../routes/next.ts";
import { localeOf } from "../../views/chrome.ts";
import { bombs } from "../support/bombs.ts";
import { say } from "../support/figures.ts";

const KIB = 1_024;
const NOW = Date.parse("2026-11-25T10:00:00Z");
/** Most for one text at the limit, on a machine that does other things too, ms. */
const MOST_MS = 100;

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

/** How long it takes, at best of three: a busy machine makes one slow, and a bomb all. */
function timeOf(parse: (text: string) => unknown, text: string): number {
  let best = Infinity;
  for (let i = 0; i < 3 && best > MOST_MS / 4; i++) {
    const begun = performance.now();
    try {
      parse(text);
    } catch {
      // refused, which is an answer
    }
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}

for (const [name, chars, parse] of PARSERS) {
  Deno.test(`no text at its limit keeps ${name} busy, and none that is a hundred times as long`, () => {
    for (const [length, most] of [[chars, MOST_MS], [chars * 100, MOST_MS]] as const) {
      let slowest = { shape: "", ms: 0 };
      for (const { shape, text } of bombs(Math.min(length, 10_000_000))) {
        const ms = timeOf(parse, text);
        if (ms > slowest.ms) slowest = { shape, ms };
        if (ms > most) say(`${name}: ${shape} × ${length}: ${Math.round(ms)} ms`);
      }
      say(`${name}, ${length}: slowest ${slowest.shape} ${slowest.ms.toFixed(1)} ms`);
    }
  });
}
