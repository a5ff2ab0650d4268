import { count } from "../islands/words.ts";
import type { Reader } from "../islands/times.ts";
import { Time } from "./time.tsx";

/** What is left of a day's messages. */
export interface Quota {
  perDay: number;
  left: number;
  renewsAt: number;
}

/** How many messages may still leave today, as a bar and in words, and when there are new ones. */
export function QuotaCard(
  { perDay, left, renewsAt, reader, now }: Quota & { reader: Reader; now: number },
) {
  return (
    <section class="card know quota" aria-labelledby="quota">
      <h2 id="quota">Today’s messages</h2>
      <meter min={0} max={perDay} low={perDay / 10} value={left} aria-labelledby="quota-left" />
      <p id="quota-left">
        <strong>{left.toLocaleString("en")}</strong>
        {` of ${count(perDay, "message", "messages")} left`}
      </p>
      <p>
        {"Renews on "}
        <Time at={renewsAt} now={now} reader={reader} how="full" />
        {left === 0 ? ". What is asked for today must wait until then." : "."}
      </p>
    </section>
  );
}
