import { useEffect, useState } from "preact/hooks";
import type { RecipientStanding } from "../domain/recipients/recipients.ts";
import type { Address } from "./addresses.ts";
import { getStandings } from "./standings.ts";

/** How long nobody adds another address before the server is asked, ms. */
const REST_MS = 200;
/** Of the addresses of one question, so that its URL is short. */
const MOST_CHARS = 1_200;

/** How one stands with each of these, asked of the server as they are added; `known` need no asking. */
export function useStandings(
  all: readonly Address[],
  known: readonly RecipientStanding[],
): Map<string, RecipientStanding> {
  const [standings, setStandings] = useState(() => byKey(known));
  const unknown = all.filter(({ text, why }) => why === null && !standings.has(keyOf(text)));
  const next = unknown.map(({ text }) => text).join("\n");
  useEffect(() => {
    if (next === "") return;
    let stale = false;
    const timer = setTimeout(async () => {
      const found = await getStandings(firstOf(next)).catch(() => null); // said again on sending
      if (!stale && found) setStandings((before) => new Map([...before, ...byKey(found)]));
    }, REST_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [next]);
  return standings;
}

export const keyOf = (address: string) => address.toLowerCase();

const byKey = (all: readonly RecipientStanding[]) =>
  new Map(all.map((one) => [keyOf(one.address), one]));

/** As many of the lines as one question may hold, one at least. */
function firstOf(lines: string): string[] {
  const taken: string[] = [];
  let chars = 0;
  for (const line of lines.split("\n")) {
    chars += line.length;
    if (taken.length > 0 && chars > MOST_CHARS) break;
    taken.push(line);
  }
  return taken;
}
