import type { Config } from "../../core/config.ts";
import { type Finding, ill, well } from "./finding.ts";

/** Machines whose clocks differ by more than this may mail twice, ms. */
const MOST_OFF_MS = 5_000;
/** The header that is compared with has whole seconds. */
const HALF_SECOND_MS = 500;

const NAME = "clock";

/** Compares this machine's clock with those of the services that it talks to. */
export async function lookAtClock({ mailjet, telegram }: Config): Promise<Finding> {
  const others = [
    mailjet && (mailjet.apiUrl ?? "https://api.mailjet.com"),
    telegram && (telegram.apiUrl ?? "https://api.telegram.org"),
  ].filter((url) => url !== undefined);
  for (const url of others) {
    const offMs = await offBy(url);
    if (offMs === null) continue;
    const seconds = Math.round(Math.abs(offMs) / 1_000);
    const host = new URL(url).hostname;
    if (Math.abs(offMs) <= MOST_OFF_MS) return well(NAME, `agrees with that of ${host}`);
    return ill(
      NAME,
      `${seconds} s ${offMs > 0 ? "ahead of" : "behind"} that of ${host}`,
      "set the time, best by NTP",
    );
  }
  return well(NAME, `says ${new Date().toISOString()}; there is no other to compare it with`);
}

/** How far this clock is ahead of another, ms, or null when that does not say its time. */
async function offBy(url: string): Promise<number | null> {
  const asked = Date.now();
  const answer = await fetch(new URL("/", url), {
    method: "HEAD",
    redirect: "manual",
    signal: AbortSignal.timeout(5_000),
  }).catch(() => null);
  await answer?.body?.cancel();
  const said = Date.parse(answer?.headers.get("date") ?? "");
  return Number.isNaN(said) ? null : (asked + Date.now()) / 2 - said - HALF_SECOND_MS;
}
