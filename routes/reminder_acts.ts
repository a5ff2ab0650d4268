import { z } from "zod";
import type { App } from "../core/app.ts";
import { AppError, notFound } from "../core/errors.ts";
import {
  markDone,
  type OccurrenceRef,
  occurrenceRef,
  skip,
  snooze,
  undo,
} from "../domain/reminders/occurrences.ts";
import { cancelReminder, restoreReminder } from "../domain/reminders/reminders.ts";
import { parseSnoozeChoice, snoozeUntil } from "../domain/reminders/snoozes.ts";
import { parseWhen } from "../domain/when/when.ts";
import { flash, type FlashRef } from "./flash.ts";
import { reminderPage } from "./reminder_pages.tsx";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import type { Site } from "./site.ts";

const Back = z.object({ back: z.enum(["list", "one"]).catch("one") });
const Snooze = Back.extend({
  choice: z.string().max(20).default("words"),
  words: z.string().max(2_000).default(""),
});

/** What the buttons of a reminder do: POST /reminders/:id/… with the id of an occurrence, or its own. */
export const reminderActs = (site: Site) => {
  const { app } = site;
  return createRouter()
    .post("/reminders/:id/done", signedIn, form(Back), (c) => {
      return act(site, c, { name: "reminder_done", back: backOf(c.req.valid("form")) }, markDone);
    })
    .post("/reminders/:id/skip", signedIn, form(Back), (c) => {
      return act(site, c, { name: "reminder_skipped", back: backOf(c.req.valid("form")) }, skip);
    })
    .post("/reminders/:id/undo", signedIn, form(Back), (c) => {
      return act(site, c, { name: "reminder_undone", back: backOf(c.req.valid("form")) }, undo);
    })
    .post("/reminders/:id/snooze", signedIn, form(Snooze), (c) => {
      const filled = c.req.valid("form");
      const said = { name: "reminder_snoozed", back: backOf(filled) } as const;
      const asked = filled.ok ? filled.data : { choice: "words", words: "" };
      const { zone } = me(c);
      return act(site, c, said, (_, ref) => {
        return snooze(app, { ...ref, until: untilOf(app, asked, zone) }, "page");
      });
    })
    .post("/reminders/:id/cancel", signedIn, async (c) => {
      const id = c.req.param("id");
      return await orSay(site, c, id, async () => {
        await cancelReminder(app, { id, ownerId: me(c).id }, "page");
        flash(c, { name: "reminder_cancelled", id });
        return c.redirect(`/reminders/${id}`, 303);
      });
    })
    .post("/reminders/:id/restore", signedIn, async (c) => {
      const id = c.req.param("id");
      return await orSay(site, c, id, async () => {
        await restoreReminder(app, { id, ownerId: me(c).id }, "page");
        flash(c, { name: "reminder_back" });
        return c.redirect(`/reminders/${id}`, 303);
      });
    });
};

const backOf = (filled: { ok: true; data: { back: "list" | "one" } } | { ok: false }) =>
  filled.ok ? filled.data.back : "one";

function act(
  site: Site,
  c: Ctx,
  { name, back }: { name: FlashRef["name"]; back: "list" | "one" },
  run: (app: App, ref: OccurrenceRef, via: "page") => Promise<unknown>,
): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const found = occurrenceRef(id);
  if (found === null) throw notFound("reminder");
  return orSay(site, c, found.reminderId, async () => {
    await run(site.app, { ...found, ownerId: me(c).id }, "page");
    flash(c, { name, id });
    return c.redirect(back === "list" ? "/reminders" : `/reminders/${found.reminderId}`, 303);
  });
}

/** What a rule refuses is said on the reminder's own page. */
async function orSay(
  site: Site,
  c: Ctx,
  id: string,
  run: () => Promise<Response>,
): Promise<Response> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError) || !["invalid", "conflict"].includes(error.code)) throw error;
    const status = error.code === "invalid" ? 400 : 409;
    return await reminderPage(site, c, id, { text: error.message, status });
  }
}

/** When a snooze ends: a choice of the menu, or the time of some words. */
function untilOf(app: App, { choice, words }: { choice: string; words: string }, zone: string) {
  const now = app.clock.now();
  if (choice !== "words") return snoozeUntil(parseSnoozeChoice(choice), { now, zone });
  const { schedule, problem } = parseWhen(words, { now, zone });
  if (schedule !== null) return schedule.startAt;
  const why = problem ?? "Cannot snooze without a time: say when, as in “tomorrow 9” or “in 2 h”";
  throw new AppError("invalid", why, { field: "until" });
}
