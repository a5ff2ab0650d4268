import { z } from "zod";
import type { App } from "../core/app.ts";
import { AppError, notFound } from "../core/errors.ts";
import { scheduleOfFields } from "../domain/when/asked_fields.ts";
import {
  markDone,
  type OccurrenceRef,
  occurrenceRef,
  skip,
  snooze,
  undo,
} from "../domain/reminders/occurrences.ts";
import { defaultChannels } from "../domain/reminders/reminder_channels.ts";
import { actedOn, currentOf, getReminder, listShelves } from "../domain/reminders/reminder_list.ts";
import {
  cancelReminder,
  createReminder,
  type ReminderRef,
  restoreReminder,
  updateReminder,
} from "../domain/reminders/reminders.ts";
import { parseZone } from "../domain/accounts/profile.ts";
import type { Schedule } from "../kv/schema.ts";
import { body, createRouter, me } from "./router.ts";
import { scheduleOf, When } from "./when.ts";

const Channels = z.strictObject({
  page: z.boolean().default(true),
  telegram: z.boolean().default(false),
  mail: z.union([z.string(), z.array(z.string()).max(100)]).default([])
    .transform((mail) => [mail].flat()),
});
const Missed = z.enum(["once", "skip", "all"]);
const Draft = z.strictObject({
  title: z.string().optional(),
  text: z.string().optional(),
  noteId: z.string().nullable().optional(),
  when: When,
  zone: z.string().optional(),
  channels: Channels.optional(),
  missed: Missed.optional(),
});
const Edit = z.strictObject({
  version: z.int(),
  title: z.string().optional(),
  text: z.string().optional(),
  when: When.optional(),
  zone: z.string().optional(),
  channels: Channels.optional(),
  missed: Missed.optional(),
});
/** Which time of it; the one that rings if nothing is said, else the one that waits. */
const Which = z.strictObject({ occurrence: z.string().optional() });
const Snooze = z.strictObject({
  occurrence: z.string().optional(),
  minutes: z.number().optional(),
  /** An instant as in ISO 8601, with Z or its offset. */
  until: z.string().optional(),
});

/** /api/reminders */
export const remindersRoutes = (app: App) =>
  createRouter()
    .get("/", async (c) => {
      const { id: ownerId, zone } = me(c);
      return c.json(await listShelves(app, { ownerId, zone }));
    })
    .post("/", body(Draft), async (c) => {
      const account = me(c);
      const { when, zone = account.zone, channels, title, ...draft } = c.req.valid("json");
      const { schedule, rest } = scheduleOf(app, when, zone);
      const { id } = await createReminder(app, {
        ...draft,
        ownerId: account.id,
        title: title ?? rest,
        schedule,
        channels: channels ?? await defaultChannels(app, account),
        key: c.req.header("Idempotency-Key")?.slice(0, 128),
      });
      return c.json(await getReminder(app, { id, ownerId: account.id }), 201);
    })
    .get("/:id", async (c) => c.json(await getReminder(app, refOf(c))))
    .patch("/:id", body(Edit), async (c) => {
      const ref = refOf(c);
      const { when, zone, version, ...change } = c.req.valid("json");
      const { title, text, channels, missed, schedule } = await getReminder(app, ref);
      const before = { title, text, channels, missed, schedule };
      const said = when !== undefined
        ? { schedule: scheduleOf(app, when, zone ?? schedule.zone).schedule }
        : zone !== undefined && zone !== schedule.zone
        ? { schedule: inZone(schedule, zone, app.clock.now()) }
        : {};
      await updateReminder(app, { ...before, ...given(change), ...said, ...ref, version });
      return c.json(await getReminder(app, ref));
    })
    .delete("/:id", async (c) => {
      await cancelReminder(app, refOf(c), "page");
      return c.body(null, 204);
    })
    .post("/:id/restore", body(z.strictObject({}), { orNothing: true }), async (c) => {
      await restoreReminder(app, refOf(c), "page");
      return c.json(await getReminder(app, refOf(c)));
    })
    .post("/:id/snooze", body(Snooze), async (c) => {
      const { occurrence, ...how } = c.req.valid("json");
      const until = untilOf(how, app.clock.now());
      return c.json(
        await snooze(app, { ...await whichOf(app, refOf(c), occurrence), until }, "page"),
      );
    })
    .post("/:id/done", body(Which, { orNothing: true }), async (c) => {
      const { occurrence } = c.req.valid("json");
      return c.json(await markDone(app, await whichOf(app, refOf(c), occurrence), "page"));
    })
    .post("/:id/skip", body(Which, { orNothing: true }), async (c) => {
      const { occurrence } = c.req.valid("json");
      return c.json(await skip(app, await whichOf(app, refOf(c), occurrence), "page"));
    })
    .post("/:id/undo", body(Which, { orNothing: true }), async (c) => {
      const { occurrence } = c.req.valid("json");
      const ref = occurrence === undefined
        ? await actedOn(app, refOf(c))
        : await whichOf(app, refOf(c), occurrence);
      return c.json(await undo(app, ref, "page"));
    });

function refOf(c: { req: { param(name: "id"): string } } & Parameters<typeof me>[0]): ReminderRef {
  return { id: c.req.param("id"), ownerId: me(c).id };
}

/** The same by the clocks of another zone. @throws {AppError} `invalid`. */
function inZone(base: Schedule, zone: string, now: number): Schedule {
  const asked = { words: "", date: "", time: "", repeat: "keep", until: "", zone } as const;
  return scheduleOfFields({ ...asked, zone: parseZone(zone) }, { base, now });
}

/** The fields that were sent. */
function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}

async function whichOf(app: App, ref: ReminderRef, occurrence?: string): Promise<OccurrenceRef> {
  if (occurrence === undefined) return await currentOf(app, ref);
  const named = occurrenceRef(occurrence);
  if (named?.reminderId !== ref.id) throw notFound("reminder");
  return { ...named, ownerId: ref.ownerId };
}

/** ISO 8601; without Z or an offset it would be a time by whose clocks? */
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/i;

/** @throws {AppError} `invalid` of "minutes" or "until". */
function untilOf({ minutes, until }: { minutes?: number; until?: string }, now: number): number {
  if (minutes !== undefined && until === undefined) {
    if (minutes >= 1) return now + minutes * 60_000;
    throw new AppError("invalid", "Cannot snooze for less than a minute", { field: "minutes" });
  }
  const exact = minutes === undefined && until !== undefined && INSTANT.test(until);
  const at = exact ? Date.parse(until) : NaN;
  if (Number.isFinite(at)) return at;
  throw new AppError("invalid", "Cannot snooze: say minutes, or until as in 2026-12-01T09:00Z", {
    field: "until",
  });
}
