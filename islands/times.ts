/** How one reader reads the time: an IANA zone and a BCP 47 locale. */
export interface Reader {
  zone: string;
  locale: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A twelfth of a mean year of the calendar, 365.2425 days. */
const MONTH_MS = 365.2425 / 12 * DAY_MS;

/** Formats that are kept; a header of a request says the locale, so there could be any number. */
const MOST_MADE = 500;
const made = new Map<string, Intl.DateTimeFormat>();

function formatOf({ zone, locale }: Reader, options: Intl.DateTimeFormatOptions) {
  const key = JSON.stringify([zone, locale, options]);
  const format = made.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  made.delete(key); // and to the end, so that the first is the one longest unused
  made.set(key, format);
  if (made.size > MOST_MADE) made.delete(made.keys().next().value!);
  return format;
}

function format(at: number, reader: Reader, options: Intl.DateTimeFormatOptions): string {
  const format = formatOf(reader, options);
  // Servers and browsers disagree on the narrow space before AM and on the comma after a weekday.
  return format.format(at).replaceAll("\u202f", " ").replace(/^(\p{L}+), /u, "$1 ");
}

/** "10:02", or "4:35 PM" where that is how people write it. */
export function clockTime(at: number, reader: Reader): string {
  return format(at, reader, { hour: hourOf(reader), minute: "2-digit" });
}

/** "10:02:07" */
export function exactTime(at: number, reader: Reader): string {
  return format(at, reader, { hour: hourOf(reader), minute: "2-digit", second: "2-digit" });
}

/** Two digits on a clock of 24 hours, one where one is enough on a clock of 12. */
function hourOf({ locale }: Reader): "numeric" | "2-digit" {
  return new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12
    ? "numeric"
    : "2-digit";
}

/** "Tue 24 Nov", with the year where it is not this one. */
export function day(at: number, reader: Reader, now: number): string {
  const year = yearOf(at, reader) === yearOf(now, reader) ? undefined : "numeric";
  return format(at, reader, { weekday: "short", day: "numeric", month: "short", year });
}

/** "Tue 24 Nov 09:00" */
export function dayTime(at: number, reader: Reader, now: number): string {
  return `${day(at, reader, now)} ${clockTime(at, reader)}`;
}

/** "Tuesday 24 November 2026 at 09:00:00, Asia/Kolkata" */
export function fullTime(at: number, reader: Reader): string {
  const long = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
  return `${format(at, reader, long)} at ${exactTime(at, reader)}, ${reader.zone}`;
}

/** As short as a list wants it: "10:02", "yesterday", "Sat", "12 Mar", "12 Mar 2024". */
export function listTime(at: number, reader: Reader, now: number): string {
  const days = daysApart(at, now, reader);
  if (days === 0) return clockTime(at, reader);
  if (days === 1) return "yesterday";
  if (days > 1 && days < 7) return format(at, reader, { weekday: "short" });
  const year = yearOf(at, reader) === yearOf(now, reader) ? undefined : "numeric";
  return format(at, reader, { day: "numeric", month: "short", year });
}

/** "2 min ago", "in 3 h", "in 5 months" */
export function relative(at: number, now: number): string {
  const ms = Math.abs(now - at);
  if (ms < 45_000) return at > now ? "in a moment" : "just now";
  const [minutes, hours, days] = [MINUTE_MS, HOUR_MS, DAY_MS].map((unit) => Math.round(ms / unit));
  const span = minutes! < 60
    ? `${minutes || 1} min`
    : hours! < 24
    ? `${hours} h`
    : days! < 90
    ? `${days} day${days === 1 ? "" : "s"}`
    : ms < 24 * MONTH_MS
    ? `${Math.round(ms / MONTH_MS)} months`
    : `${Math.round(ms / (12 * MONTH_MS))} years`;
  return at > now ? `in ${span}` : `${span} ago`;
}

/** "Kolkata" */
export function zoneCity(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** Minutes since the reader's midnight. */
export function minuteOfDay(at: number, { zone }: Reader): number {
  const text = format(at, { zone, locale: "en-GB" }, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const [hours, minutes] = text.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

function yearOf(at: number, { zone }: Reader): string {
  return format(at, { zone, locale: "en-GB" }, { year: "numeric" });
}

/** Midnights between two moments. */
function daysApart(at: number, now: number, { zone }: Reader): number {
  const date = (ms: number) => Date.parse(format(ms, { zone, locale: "sv-SE" }, {}));
  return Math.round((date(now) - date(at)) / DAY_MS);
}
