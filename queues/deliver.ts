import type { Answer } from "../core/answer.ts";
import type { App } from "../core/app.ts";
import type { ChatMessage } from "../core/chat.ts";
import { newId } from "../core/ids.ts";
import type { Mail } from "../core/mail.ts";
import { turnOff } from "../domain/chats/chats.ts";
import { isOver, progressOf, setDeliveries, skipRest } from "../domain/mail/deliveries.ts";
import { inDoubt, lookedUp } from "../domain/mail/delivery_doubt.ts";
import { answered, sending, skipped } from "../domain/mail/delivery_moves.ts";
import type { Leaving } from "../domain/mail/leave.ts";
import { holdOn, mayLeave } from "../domain/mail/leaving.ts";
import { keptBack, lookedAtNow } from "../domain/recipients/kept_back.ts";
import { heardAtOnce } from "../domain/mail/mail_events.ts";
import { deliveriesOf } from "../domain/mail/mailings.ts";
import {
  type Also,
  cancel,
  completed,
  type Outcome,
  type RunningJob,
  snooze,
} from "../jobs/handler.ts";
import type { Delivery } from "../kv/schema.ts";
import type { Tx } from "../kv/transact.ts";
import type { LetterKind } from "../domain/recipients/suppressions.ts";
import type { Lane } from "../core/pace.ts";
import { type Carrier, chatCarrier, mailCarrier } from "./carriers.ts";
import { waitingLabel } from "./waiting_label.ts";

export interface Delivering {
  /** Whose messages they are and what they are about: whether they may leave is asked by it. */
  leaving: Leaving;
  /** The mail for one delivery; the same each time it is asked for. */
  mail?: (delivery: Delivery) => Mail | Promise<Mail>;
  /** The message for one delivery to a chat. */
  chat?: (delivery: Delivery) => ChatMessage;
  /** Why none of them is of any use by now, in words, or null; asked before each try. */
  moot?: () => Promise<string | null>;
  /** Whether a chat message of which nobody knows the end is sent again. */
  repeatInChat?: boolean;
  /** Written in the commit that completes the job. */
  done?: (deliveries: readonly Delivery[]) => Also;
}

/** When a provider is down and does not say for how long, ms. */
const DOWN_MS = 30_000;
/** What leaves before what, while all of it waits for the pace. */
const LANES: Record<LetterKind, Lane> = {
  account: 0,
  claim: 0,
  reminder: 1,
  invitation: 2,
  note: 2,
  broadcast: 3,
};

/**
 * Works through the deliveries of a job, as many to a call as the channel takes: commits that they
 * are being sent, calls, commits the answers. What a try before this one left behind is settled
 * first. Returns when all are over, when the slice is, or when the next must wait.
 */
export async function deliver(app: App, job: RunningJob, delivering: Delivering): Promise<Outcome> {
  const { clock, config: { mailSettleMs: settleMs } } = app;
  const carriers = carriersOf(app, job, delivering);
  const carrierOf = ({ channel }: Delivery): Carrier => {
    const carrier = carriers[channel];
    if (!carrier) throw new Error(`Cannot deliver by ${channel}: the job does not know how`);
    return carrier;
  };
  const { leaving } = delivering;
  const all = (await deliveriesOf(app, job.id)).map(lookedAtNow(clock.now()));
  /** By when a channel that is down is tried again. */
  const downUntil = new Map<Carrier, number>();

  /** Writes how some of them are now, and how far that makes the job; `answer` as in `commit`. */
  const save = async (
    changed: readonly Delivery[],
    label: string,
    { answer, also }: { answer: boolean; also?: (tx: Tx) => Promise<void> },
  ) => {
    for (const one of changed) all[one.number] = one;
    const progress = progressOf(all, label);
    await job.commit(
      async (tx) => {
        setDeliveries(tx, changed);
        await also?.(tx);
      },
      progress,
      { answer },
    );
  };

  const left = all.filter(({ state }) => state === "sending");
  if (left.length > 0) {
    const reason = "the process ended during the call";
    const settled = left.map((one) =>
      inDoubt(one, { now: clock.now(), carrier: carrierOf(one), settleMs, reason })
    );
    await save(settled, "Looking after an interrupted try", { answer: false });
  }

  for (;;) {
    if (job.cancelAsked) {
      const reason = job.cancelReason;
      return cancel(reason, skipRest(all, reason, clock.now()));
    }
    const open = all.filter((one) => !isOver(one));
    if (open.length === 0) return completed(delivering.done?.(all));
    if (job.sliceOver()) return snooze(0);
    const hold = await holdOn(app, leaving);
    if (hold !== null) {
      if (hold.drop) {
        const dropped = open.map((one) => skipped(one, hold.reason, clock.now()));
        await save(dropped, "", { answer: true });
        continue;
      }
      await save([], `Held: ${hold.reason}`, { answer: false });
      return snooze(hold.lookAgainMs);
    }

    const now = clock.now();
    const readyAt = (one: Delivery) =>
      Math.max(one.dueAt, downUntil.get(carrierOf(one)) ?? one.dueAt);
    const due = open.filter((one) => readyAt(one) <= now);
    const [first] = due;
    if (first === undefined) {
      await save([], waitingLabel(open), { answer: false });
      return snooze(Math.min(...open.map(readyAt)) - now);
    }

    const doubtful = due.find(({ state }) => state === "in_doubt");
    if (doubtful) {
      const seen = await carrierOf(doubtful).lookup?.(doubtful.id) ?? null;
      const settled = lookedUp(doubtful, seen, { now: clock.now(), settleMs });
      await save([settled], "Asking the mail service", { answer: isOver(settled) });
      continue;
    }

    const carrier = carrierOf(first);
    const same = due.filter((one) => carrierOf(one) === carrier);
    const moot = await delivering.moot?.() ?? null;
    if (moot !== null) {
      await save(same.map((one) => skipped(one, moot, now)), "", { answer: true });
      continue;
    }
    const { taken, waitMs } = carrier.take(Math.min(same.length, carrier.batch));
    if (taken === 0) {
      downUntil.set(carrier, now + Math.max(1, waitMs));
      continue;
    }
    const next = same.slice(0, taken);
    const leaves = await mayLeave(app, leaving, next);
    const going = next.filter((_, i) => leaves[i]?.is === "go");
    carrier.giveBack(next.length - going.length);
    const kept = next.flatMap((one, i) => keptBack(one, leaves[i]!, now) ?? []);
    if (kept.length > 0) await save(kept, "Sending", { answer: kept.some(isOver) });
    if (going.length === 0) continue;
    const token = newId();
    const chunk = going.map((one) => sending(one, { now, token, carrier }));
    for (const one of chunk) all[one.number] = one;
    // Before the commit: what stands still between it and the call may be repeated by another process.
    const call = await carrier.prepare(chunk);
    await job.commit((tx) => setDeliveries(tx, chunk));

    const answers = await call();
    const at = clock.now();
    const answer = (i: number): Answer =>
      answers[i] ?? { is: "unclear", reason: `${carrier.name} left it out of its answer` };
    const settled = chunk.map((one, i) => answered(one, answer(i), { now: at, carrier, settleMs }));
    const gone = chunk.flatMap((one, i) => goneChat(one, answer(i)) ?? []);
    const also = async (tx: Tx) => {
      for (const chat of gone) await turnOff(app, tx, chat);
      for (const [i, one] of chunk.entries()) await heardAtOnce(app, tx, one, answer(i));
    };
    await save(settled, "Sending", { answer: true, also });
    const down = answers.find((one) => one.is === "down");
    if (down) downUntil.set(carrier, at + (down.retryAfterMs ?? DOWN_MS));
  }
}

function carriersOf(
  app: App,
  { id }: RunningJob,
  { leaving: { kind, ownerId }, mail, chat, repeatInChat = false }: Delivering,
): Partial<Record<Delivery["channel"], Carrier>> {
  return {
    mail: mail && mailCarrier(app, mail, { id, lane: LANES[kind], who: ownerId ?? "the service" }),
    telegram: chat && chatCarrier(app, chat, { repeats: repeatInChat }),
  };
}

/** The chat to which Telegram will not deliver any more, and what it said. */
function goneChat({ chatId }: Delivery, answer: Answer) {
  if (chatId === undefined || answer.is !== "refused" || !answer.badAddress) return null;
  return { chatId, reason: answer.reason };
}
