import { assertEquals } from "@std/assert";
import type { App } from "../../core/app.ts";
import { occurrenceId } from "../../domain/reminders/occurrences.ts";
import { fireJobId } from "../../domain/reminders/reminder_moves.ts";
import { createReminder, type NewReminder } from "../../domain/reminders/reminders.ts";
import { scheduleAt } from "../../domain/when/repeat.ts";
import { keys } from "../../kv/keys.ts";
import type { Account, Counts, JobRecord, Occurrence, Reminder, Rule } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import type { TestApp } from "./app.ts";

/** Every day at nine in Berlin; the clock of tests starts at eleven there, on Mon 23 Nov 2026. */
export const daily: Rule = { every: 1, unit: "day", until: null };
export const hourly: Rule = { every: 1, unit: "hour", until: null };

export interface Plan extends Partial<Omit<NewReminder, "ownerId" | "schedule">> {
  /** Wall time in Berlin. */
  start?: string;
  rule?: Rule | null;
}

/** A reminder of a person, on the page only unless something else is said. */
export function remind(
  app: App,
  owner: Account,
  { start = "2026-11-24T09:00", rule = null, ...rest }: Plan = {},
): Promise<Reminder> {
  return createReminder(app, {
    ownerId: owner.id,
    title: "Call the bank",
    schedule: scheduleAt("Europe/Berlin", start, rule),
    channels: { page: true, telegram: false, mail: [] },
    ...rest,
  });
}

/** Links a chat to an account. */
export async function linkChat(app: App, owner: Account, chatId = 77): Promise<void> {
  await transact(app, (tx) => {
    tx.set(keys.chatOf(owner.id), chatId);
    tx.set(keys.chat(chatId), {
      chatId,
      accountId: owner.id,
      name: owner.name,
      username: null,
      state: "on",
      reason: null,
      linkedAt: 0,
    });
  });
}

/** All occurrences there are, in the order of their due times. */
export async function occurrences(kv: Deno.Kv): Promise<Occurrence[]> {
  const entries = await Array.fromAsync(kv.list<Occurrence>({ prefix: ["occurrence"] }));
  return entries.map(({ value }) => value).sort((a, b) => a.dueAt - b.dueAt);
}

/** The states of all occurrences, in the order of their due times. */
export async function states(kv: Deno.Kv): Promise<string[]> {
  return (await occurrences(kv)).map(({ state }) => state);
}

/** What must hold at any time, whatever was done. */
export async function assertSound({ kv }: TestApp): Promise<void> {
  const all = await occurrences(kv);
  const open = all.filter(({ state }) => ["waiting", "ringing", "snoozed"].includes(state));
  const index = await Array.fromAsync(kv.list<string>({ prefix: ["occurrence_by_owner"] }));
  const entry = (one: Occurrence) =>
    JSON.stringify([one.ownerId, one.ringAt, one.reminderId, one.dueAt, occurrenceId(one)]);
  assertEquals(
    index.map(({ key, value }) => JSON.stringify([...key.slice(1), value])).sort(),
    open.map(entry).sort(),
    "the index holds the open occurrences and no other",
  );
  for (const one of open) {
    if (one.state === "ringing") continue;
    const { value: job } = await kv.get<JobRecord>(keys.job(await fireJobId(one)));
    assertEquals(job?.finishedAt, null, `a job rings what is ${one.state}`);
    assertEquals(job?.dueAt, Math.max(one.ringAt, job!.dueAt), "and not before its time");
  }
  const reminders = await Array.fromAsync(kv.list<Reminder>({ prefix: ["reminder"] }));
  const active = new Map<string, number>();
  for (const { value: { id, ownerId, state, nextAt } } of reminders) {
    const waiting = all.filter((one) => one.reminderId === id && one.state === "waiting");
    const next = state === "active" ? [nextAt] : [];
    assertEquals(waiting.map(({ dueAt }) => dueAt), next, `one waits while it is ${state}`);
    if (state !== "active") assertEquals(nextAt, null);
    else active.set(ownerId, (active.get(ownerId) ?? 0) + 1);
  }
  for await (const { key, value } of kv.list<Counts>({ prefix: ["counts"] })) {
    assertEquals(value.reminders, active.get(String(key[1])) ?? 0, "counts are exact");
  }
}
