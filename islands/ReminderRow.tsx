import type { OccurrenceView, Shelf } from "../domain/reminders/reminder_view.ts";
import { lateWords, thereWords } from "./reminder_words.ts";
import { SnoozeMenu, type SnoozeOfferView } from "./SnoozeMenu.tsx";
import { clockTime, day, fullTime, type Reader, relative } from "./times.ts";

export interface ReminderRowProps {
  item: OccurrenceView;
  shelf: Shelf;
  offers: SnoozeOfferView[];
  back: "list" | "one";
  reader: Reader;
  now: number;
}

/** One time of a reminder as a line: when, what, by which rule, and what can be done. */
export function ReminderRow({ item, shelf, offers, back, reader, now }: ReminderRowProps) {
  const { id, reminderId, title, rule } = item;
  const late = lateWords(item, reader, now);
  const there = thereWords(item, reader);
  const at = Date.parse(item.ringAt);
  const alone = back === "one";
  const ahead = shelf === "overdue" ? null : relative(at, now);
  const facts = [ahead, alone ? null : rule, there]
    .filter((fact) => fact !== null);
  return (
    <li class={`reminder-row ${shelf}`} id={`r-${id}`}>
      <RingTime item={item} shelf={shelf} reader={reader} now={now} />
      {alone ? <h2>{ALONE[item.state]}</h2> : (
        <h3 dir="auto">
          <a href={`/reminders/${reminderId}`}>{title}</a>
        </h3>
      )}
      <p class="facts">
        {late !== "" && <span class={shelf === "overdue" ? "bad" : "due"}>{late}</span>}
        {late !== "" && facts.length > 0 && " · "}
        {facts.join(" · ")}
      </p>
      <div class="acts">
        <Act id={id} act="done" back={back} title={title} primary={shelf === "overdue"}>Done</Act>
        <SnoozeMenu {...{ id, title, offers, back, reader, now }} />
        {rule !== null && <Act id={id} act="skip" back={back} title={title}>Skip this one</Act>}
        {back === "list" && (
          <a class="button quiet open" href={`/reminders/${reminderId}`}>
            Open<span class="unseen">{` ${title}`}</span>
          </a>
        )}
      </div>
    </li>
  );
}

/** What stands for the title on the reminder's own page. */
const ALONE: Partial<Record<OccurrenceView["state"], string>> = {
  waiting: "Next",
  ringing: "Rings",
  snoozed: "Snoozed",
};

/** The clock time, over it the day where the shelf does not say it. */
function RingTime({ item, shelf, reader, now }: Omit<ReminderRowProps, "offers" | "back">) {
  const at = Date.parse(item.ringAt);
  const that = day(at, reader, now);
  const today = that === day(now, reader, now);
  const named = shelf === "today" || shelf === "tomorrow" || today;
  const date = shelf === "week" ? that.split(" ")[0] : that.replace(/^\S+ /, "");
  return (
    <p class="ring-time">
      <time dateTime={item.ringAt} title={fullTime(at, reader)}>
        {!named && <small>{date}</small>}
        {clockTime(at, reader)}
      </time>
    </p>
  );
}

export interface ActProps {
  /** Of the occurrence. */
  id: string;
  act: "done" | "skip" | "undo";
  back: "list" | "one";
  title: string;
  primary?: boolean;
  children: string;
}

/** One button that acts on an occurrence. POST /reminders/:id/:act */
export function Act({ id, act, back, title, primary = false, children }: ActProps) {
  return (
    <form method="post" action={`/reminders/${id}/${act}`}>
      <input type="hidden" name="back" value={back} />
      <button type="submit" class={primary ? "primary" : act === "skip" ? "quiet" : undefined}>
        {children}
        <span class="unseen">{` ${title}`}</span>
      </button>
    </form>
  );
}
