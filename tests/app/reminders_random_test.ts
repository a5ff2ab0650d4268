import { assert } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/errors.ts";
import { markDone, skip, snooze, undo } from "../../domain/reminders/occurrences.ts";
import {
  cancelReminder,
  restoreReminder,
  updateReminder,
} from "../../domain/reminders/reminders.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import type { Missed, Reminder, Rule } from "../../kv/schema.ts";
import { testApp } from "../support/app.ts";
import { hours, minutes } from "../support/clock.ts";
import { assertSound, occurrences, remind } from "../support/reminders.ts";

const rules: (Rule | null)[] = [
  null,
  { every: 1, unit: "day", until: null },
  { every: 2, unit: "hour", until: null },
  { every: 1, unit: "day", until: "2026-11-25" },
];

interface Step {
  act: (typeof ACTS)[number];
  /** Which reminder, occurrence, rule or policy; taken modulo what there is. */
  pick: number;
  /** How far the clock goes or a snooze lasts. */
  minutes: number;
}

const ACTS = [
  "create",
  "pass",
  "done",
  "skip",
  "snooze",
  "undo",
  "cancel",
  "restore",
  "edit",
  "reword",
] as const;

const steps = fc.array(
  fc.record<Step>({
    act: fc.constantFrom(...ACTS, "pass", "pass", "undo"),
    pick: fc.nat(1_000),
    minutes: fc.integer({ min: 1, max: 3_000 }),
  }),
  { minLength: 15, maxLength: 40 },
);

Deno.test("whatever is done in whatever order: one waits, jobs are there, the index is exact", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      await using t = await testApp();
      const ada = await t.person("Ada");
      const ownerId = ada.id;
      const policies: Missed[] = ["once", "skip", "all"];
      const whole = async () =>
        (await Array.fromAsync(t.kv.list<Reminder>({ prefix: ["reminder"] }))).map(({ value }) =>
          value
        );
      const ahead = (ms: number, pick: number) =>
        scheduleAtInstant("Europe/Berlin", t.clock.now() + ms, rules[pick % rules.length]);
      const run = async ({ act, pick, minutes: n }: Step) => {
        const [reminders, all] = [await whole(), await occurrences(t.kv)];
        const reminder = reminders[pick % reminders.length];
        const one = all[pick % all.length];
        const ref = one && { reminderId: one.reminderId, dueAt: one.dueAt, ownerId };
        if (act === "pass") {
          t.clock.advance(minutes(n));
          return await t.drain();
        }
        if (act === "create" || !reminder || !ref) {
          await remind(t.app, ada, {
            start: ahead(minutes(n) + hours(1), pick).start,
            rule: rules[pick % rules.length],
            missed: policies[pick % 3],
          });
        } else if (act === "done") await markDone(t.app, ref, "page");
        else if (act === "skip") await skip(t.app, ref, "telegram");
        else if (act === "snooze") {
          await snooze(t.app, { ...ref, until: t.clock.now() + minutes(n) }, "mail");
        } else if (act === "undo") await undo(t.app, ref, "page");
        else if (act === "cancel") await cancelReminder(t.app, reminder, "page");
        else if (act === "restore") await restoreReminder(t.app, reminder, "page");
        else if (act === "reword") await updateReminder(t.app, { ...reminder, title: `${n}` });
        else {
          const schedule = ahead(minutes(n) + hours(1), pick);
          await updateReminder(t.app, { ...reminder, schedule });
        }
      };
      for (const step of steps) {
        try {
          await run(step);
        } catch (error) {
          assert(error instanceof AppError, `${step.act}: ${error}`);
        }
        await assertSound(t);
      }
    }),
    { numRuns: 20, endOnFailure: false },
  );
});
