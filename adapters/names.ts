import type { Clock, Names, RecordKind } from "../core/app.ts";

/** How long an answer counts, and how long it counts that there was none, ms. */
const GOOD_MS = 3_600_000;
const FAILED_MS = 60_000;
/** Somebody may sit and wait for a page, ms. */
const TIMEOUT_MS = 800;
/** More names than one domain needs; then the oldest is forgotten. */
const MOST = 50;

/** Asks for the records of a name. @throws {Deno.errors.NotFound} where there are none. */
export type Resolve = (name: string, kind: RecordKind, signal: AbortSignal) => Promise<string[]>;

/** Name servers, as the system has them; what they said is remembered for an hour. */
export function createNames(
  { clock, resolve = ask, timeoutMs = TIMEOUT_MS }: {
    clock: Clock;
    resolve?: Resolve;
    timeoutMs?: number;
  },
): Names {
  const said = new Map<string, { until: number; records: Promise<string[] | null> }>();
  return {
    records(name, kind) {
      const key = `${kind} ${name}`;
      const now = clock.now();
      const before = said.get(key);
      if (before && now < before.until && before.until - now <= GOOD_MS) return before.records;
      const one = { until: now + GOOD_MS, records: look(resolve, { name, kind, timeoutMs }) };
      void one.records.then((records) => {
        if (records === null) one.until = now + FAILED_MS;
      });
      said.delete(key);
      said.set(key, one);
      if (said.size > MOST) said.delete(said.keys().next().value!);
      return one.records;
    },
  };
}

/** For where nobody is asked. */
export const noNames: Names = { records: () => Promise.resolve(null) };

async function look(
  resolve: Resolve,
  { name, kind, timeoutMs }: { name: string; kind: RecordKind; timeoutMs: number },
): Promise<string[] | null> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  const { promise: over, resolve: end } = Promise.withResolvers<null>();
  late.signal.addEventListener("abort", () => end(null));
  try {
    return await Promise.race([resolve(name, kind, late.signal), over]);
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? [] : null;
  } finally {
    clearTimeout(timer);
  }
}

async function ask(name: string, kind: RecordKind, signal: AbortSignal): Promise<string[]> {
  if (kind === "MX") {
    return (await Deno.resolveDns(name, kind, { signal })).map(({ exchange }) => exchange);
  }
  const parts = await Deno.resolveDns(name, kind, { signal });
  return parts.map((one) => one.join("")); // of at most 255 bytes each
}
