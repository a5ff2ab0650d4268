import { z } from "zod";
import type { App } from "../core/app.ts";
import { understand } from "../domain/when/asked_time.ts";
import { getReminder } from "../domain/reminders/reminder_list.ts";
import { REPEATS } from "../domain/when/repeat_menu.ts";
import { createRouter, me } from "./router.ts";

const Repeat = z.enum(["", "keep", ...REPEATS]).catch("");

/**
 * /api/when/form?text=&zone=&date=&time=&repeat=&until=&of=: what the form of a reminder is understood
 * as, with all that its page shows. `of` is the reminder that it changes.
 */
export const whenFormRoutes = (app: App) =>
  createRouter().get("/", async (c) => {
    const { id: ownerId, zone: own } = me(c);
    const { text: words = "", zone = own, date = "", time = "", until = "", of } = c.req.query();
    const kept = of === undefined ? null : (await getReminder(app, { id: of, ownerId })).schedule;
    const repeat = Repeat.parse(c.req.query("repeat") ?? "");
    const asked = { words, zone: zone.trim() || own, date, time, repeat, until };
    return c.json(understand(asked, { now: app.clock.now(), kept }));
  });
