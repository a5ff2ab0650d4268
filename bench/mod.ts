/**
 * What the engine does in a second and how late it is, beside the queue that comes with Deno KV; then
 * how late reminders ring, how soon open pages have an announcement, what reading words costs, and how
 * little the time of an answer tells of who has an account.
 */
import { broadcastToPages } from "./broadcast.ts";
import { lateness } from "./lateness.ts";
import { enumeration, SAMPLES } from "./enumeration.ts";
import { jobsASecond, messagesASecond } from "./engine.ts";
import { notesPage } from "./notes_page.ts";
import { reminderLateness } from "./reminders.ts";
import { whenFigures } from "./when.ts";

const CALLERS = 50;
const JOBS = 20_000;
/** Fewer, as each look of the native queue goes through all of it: with more it only gets slower. */
const MESSAGES = 3_000;
/** The best of so many, as what else the machine does can only take away. */
const RUNS = 3;
const DELAYED = { times: 2_000, overMs: 20_000 };
const WAITING = 50_000;
const PAGES = 1_000;

// deno-lint-ignore no-console -- a report for a person at a terminal
const say = console.log;
const count = (n: number) => Math.round(n).toLocaleString("en").padStart(8);
const ms = (n: number) => `${n.toFixed(1)} ms`.padStart(9);

async function best(run: () => Promise<number>): Promise<number> {
  let most = 0;
  for (let i = 0; i < RUNS; i++) most = Math.max(most, await run());
  return most;
}

say(`One by one by ${CALLERS} callers, each stored before the next, on a file; no-op work:`);
const jobs = await best(() => jobsASecond({ times: JOBS, callers: CALLERS }));
say(`  Clock Work, ${count(JOBS)} jobs      ${count(jobs)} a second`);
const messages = await best(() => messagesASecond({ times: MESSAGES, callers: CALLERS }));
say(`  KV queue,   ${count(MESSAGES)} messages  ${count(messages)} a second`);
say(`  that is     ${(jobs / messages).toFixed(1)} times as many`);

say(`${count(DELAYED.times).trim()} jobs due over ${DELAYED.overMs / 1_000} s, begun late by:`);
for (const bell of ["timer", "queue"] as const) {
  const { p50, p99, max } = await lateness(bell, DELAYED);
  say(`  ${bell} waker   p50 ${ms(p50)}   p99 ${ms(p99)}   max ${ms(max)}`);
}

const page = await notesPage();
say("The notes page with 5,000 notes, in process:");
say(`  server time   p50 ${ms(page.p50)}   p99 ${ms(page.p99)}`);

say(`${count(DELAYED.times).trim()} reminders over ${DELAYED.overMs / 1_000} s, rung late by:`);
for (const bell of ["timer", "queue"] as const) {
  const { p50, p99, max } = await reminderLateness(bell, DELAYED);
  say(`  ${bell} waker   p50 ${ms(p50)}   p99 ${ms(p99)}   max ${ms(max)}`);
}
const full = await reminderLateness("timer", { ...DELAYED, waiting: WAITING });
say(`The same beside ${count(WAITING).trim()} that wait for later days:`);
say(`  timer waker   p50 ${ms(full.p50)}   p99 ${ms(full.p99)}   max ${ms(full.max)}`);
say(`  start         ${ms(full.startMs)}`);

const news = await broadcastToPages(PAGES);
say(`An announcement to ${count(PAGES).trim()} open pages, from the confirmation to each:`);
say(`  received      p50 ${ms(news.p50)}   p99 ${ms(news.p99)}   max ${ms(news.max)}`);
say(`  all inboxes   ${ms(news.inboxMs)}`);

const words = whenFigures();
say("Times in words:");
say(`  read          ${count(words.parsesASecond)} a second, the slowest ${ms(words.longestMs)}`);
say(`  next time     ${ms(words.nextMs)}   preview p99 ${ms(words.previewMs)}`);

say(`Whether there is an account, by the time of an answer; ${SAMPLES} of each, median:`);
for (const { door, medians, apartMs } of await enumeration()) {
  const each = Object.entries(medians).map(([who, p50]) => `${who} ${ms(p50)}`).join("   ");
  say(`  ${door.padEnd(13)} ${each}   apart ${ms(apartMs)}`);
}
