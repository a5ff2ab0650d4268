import type { Answer } from "../core/answer.ts";
import type { App } from "../core/app.ts";
import type { ChatMessage } from "../core/chat.ts";
import type { Mail } from "../core/mail.ts";
import type { Asker, Turn } from "../core/pace.ts";
import type { CarrierTraits } from "../domain/mail/delivery_change.ts";
import type { Delivery } from "../kv/schema.ts";

/** Brings the deliveries of one channel to whoever carries them on. */
export interface Carrier extends CarrierTraits {
  /** Most deliveries of one call. */
  batch: number;
  /** Takes up to so many of what may leave now, and says how many there were and when to ask again. */
  take(wanted: number): Turn;
  /** Gives back what was taken and has not been used. */
  giveBack(count: number): void;
  /** Writes the messages of one call. @returns the call: nothing is left to do before it goes out. */
  prepare(deliveries: readonly Delivery[]): Promise<() => Promise<Answer[]>>;
  lookup?(ref: string): Promise<{ found: boolean; providerId?: string } | null>;
}

/** Chats that are written to at the same time; the messenger keeps to Telegram's pace. */
const CHATS_AT_ONCE = 8;

/** Mail, by the mailer of this process and at its pace. */
export function mailCarrier(
  { mailer, pace }: Pick<App, "mailer" | "pace">,
  compose: (delivery: Delivery) => Mail | Promise<Mail>,
  asker: Asker,
): Carrier {
  return {
    name: "the mail service",
    canBeAsked: mailer.lookup !== undefined,
    idempotent: mailer.idempotent,
    repeats: true,
    batch: mailer.batch,
    take: (wanted) => pace.take(wanted, asker),
    giveBack: (count) => pace.giveBack(count),
    prepare: async (deliveries) => {
      const mails = await Promise.all(deliveries.map(compose));
      return () => mailer.send(mails);
    },
    lookup: mailer.lookup && ((ref) => mailer.lookup!(ref)),
  };
}

/** Telegram. It cannot be asked what became of a call, so whether to repeat one is the job's to say. */
export function chatCarrier(
  { messenger }: Pick<App, "messenger">,
  compose: (delivery: Delivery) => ChatMessage,
  { repeats }: { repeats: boolean },
): Carrier {
  const off: Answer = { is: "refused", reason: "Telegram is not set up here", badAddress: false };
  return {
    name: "Telegram",
    canBeAsked: false,
    idempotent: false,
    repeats,
    batch: CHATS_AT_ONCE,
    take: (wanted) => ({ taken: wanted, waitMs: 0 }),
    giveBack: () => {},
    prepare: (deliveries) => {
      const messages = deliveries.map(compose);
      const send = (one: ChatMessage) => messenger?.send(one) ?? Promise.resolve(off);
      return Promise.resolve(() => Promise.all(messages.map(send)));
    },
  };
}
