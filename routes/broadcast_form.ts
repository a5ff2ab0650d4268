import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { BroadcastWords } from "../domain/broadcasts/broadcast_words.ts";
import type { Broadcast } from "../kv/schema.ts";
import type { BroadcastFields } from "../views/broadcast_form.tsx";
import type { Typed } from "./form_body.ts";

/** The form of a broadcast as a browser sends it. */
export const BroadcastForm = z.object({
  title: z.string().default(""),
  text: z.string().default(""),
  mail: z.string().optional(),
  telegram: z.string().optional(),
  when: z.enum(["now", "at", "cron"]).catch("now"),
  date: z.string().default(""),
  time: z.string().default(""),
  zone: z.string().default(""),
  pattern: z.string().default(""),
  key: z.string().max(64).optional(),
  version: z.coerce.number().int().default(0),
});

/** What was written, as the domain takes it. */
export function wordsOf(data: z.output<typeof BroadcastForm>): BroadcastWords {
  const { title, text, mail, telegram, when, date, time, zone, pattern } = data;
  return {
    title,
    text,
    channels: { mail: mail !== undefined, telegram: telegram !== undefined },
    when: when === "at"
      ? { is: "at", wall: `${date}T${time}`, zone }
      : when === "cron"
      ? { is: "cron", pattern, zone }
      : { is: "now" },
  };
}

/** The form before anything is written; what is not there is not chosen for anybody. */
export function blankFields(zone: string, { telegram }: { telegram: boolean }): BroadcastFields {
  return {
    title: "",
    text: "",
    mail: true,
    telegram,
    when: "now",
    date: "",
    time: "09:00",
    zone,
    pattern: "0 9 * * 1",
    key: newId(),
    version: "0",
  };
}

/** The form with what is there, to be changed. */
export function fieldsOf(broadcast: Broadcast, zone: string): BroadcastFields {
  const { title, text, channels, when, version } = broadcast;
  const at = when.is === "at" ? when.wall : "T";
  return {
    ...blankFields(zone, { telegram: false }),
    ...{ title, text, ...channels, when: when.is, version: String(version) },
    ...{ date: at.split("T")[0] ?? "", time: at.split("T")[1]?.slice(0, 5) ?? "" },
    ...when.is === "now" ? {} : { zone: when.zone },
    ...when.is === "cron" ? { pattern: when.pattern } : {},
  };
}

/** The form with what was typed, to be shown again. */
export function typedFields(typed: Typed, zone: string): BroadcastFields {
  return {
    ...blankFields(zone, { telegram: false }),
    ...typed,
    mail: typed.mail !== undefined,
    telegram: typed.telegram !== undefined,
  };
}

/** What no browser sends. */
export const damaged = () => new AppError("invalid", "Cannot read the form: it is not complete");
