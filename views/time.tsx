import { dayTime, fullTime, listTime, type Reader, relative, zoneCity } from "../islands/times.ts";

export interface TimeProps {
  at: number;
  now: number;
  reader: Reader;
  /** As a list wants it, as a sentence wants it, or as a distance from now. */
  how?: "list" | "full" | "relative";
}

/** A moment in the reader's zone; the exact one is always a hover away. */
export function Time({ at, now, reader, how = "list" }: TimeProps) {
  const text = how === "list"
    ? listTime(at, reader, now)
    : how === "full"
    ? dayTime(at, reader, now)
    : relative(at, now);
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={fullTime(at, reader)}
      data-relative={how === "relative" || undefined}
    >
      {text}
    </time>
  );
}

/** "Mon 23 Nov 10:02, Kolkata · 40 min ago" */
export function WholeTime(props: Omit<TimeProps, "how">) {
  return (
    <span class="whole-time">
      <Time {...props} how="full" />
      {`, ${zoneCity(props.reader.zone)} · `}
      <Time {...props} how="relative" />
    </span>
  );
}
