import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { idOf, isId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { ChatAsked, ChatCard } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";

/** How long the buttons of a message work, ms: a week. */
const CARD_MS = 7 * 86_400_000;
/** How long a question waits for its answer, ms: an hour. Later a message is just a note. */
const ASKED_MS = 3_600_000;

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;
/** A card without its end. */
export type NewCard = Without<ChatCard, "expiresAt">;
export type CardOf<I extends ChatCard["is"]> = Extract<ChatCard, { is: I }>;

/**
 * Keeps what the buttons of a message are about. The same `key` in the same chat is the same card.
 *
 * @returns its id.
 */
export async function keepCard(
  app: App,
  { chatId, key, card }: { chatId: number; key: string; card: NewCard },
): Promise<string> {
  const id = await idOf(`card ${chatId} ${key}`);
  const expiresAt = app.clock.now() + CARD_MS;
  await transact(app, (tx) => tx.set(keys.chatCard(chatId, id), { ...card, expiresAt }));
  return id;
}

/** @throws {AppError} `not_found` when it is not there any more, is another chat's or another kind's. */
export async function cardOf<I extends ChatCard["is"]>(
  app: App,
  { chatId, id, is }: { chatId: number; id: string; is: I },
): Promise<CardOf<I>> {
  const card = isId(id) ? await read(app, keys.chatCard(chatId, id)) : null;
  if (card === null || card.is !== is || card.expiresAt <= app.clock.now()) {
    throw new AppError("not_found", "This button is too old: please ask again");
  }
  return card as CardOf<I>;
}

/** Replaces what a card says. */
export async function changeCard(
  app: App,
  { chatId, id, card }: { chatId: number; id: string; card: ChatCard },
): Promise<void> {
  await transact(app, (tx) => tx.set(keys.chatCard(chatId, id), card));
}

/** Takes the next plain message in a chat as the answer to a question. */
export async function ask(
  app: App,
  chatId: number,
  asked: Without<ChatAsked, "expiresAt" | "answeredBy">,
): Promise<void> {
  const expiresAt = app.clock.now() + ASKED_MS;
  const question = { ...asked, expiresAt, answeredBy: null };
  await transact(app, (tx) => tx.set(keys.chatAsked(chatId), question));
}

/** What a plain message in a chat answers, if anything; `key` names the update it came with. */
export async function askedIn(
  app: App,
  { chatId, key }: { chatId: number; key: string },
): Promise<ChatAsked | null> {
  const asked = await read(app, keys.chatAsked(chatId));
  if (asked === null || asked.expiresAt <= app.clock.now()) return null;
  return asked.answeredBy === null || asked.answeredBy === key ? asked : null;
}

/** A question is answered: what comes later answers it no more, but the same update again does. */
export async function answerAsked(
  app: App,
  { chatId, key }: { chatId: number; key: string },
): Promise<void> {
  await transact(app, async (tx) => {
    const asked = await tx.get(keys.chatAsked(chatId));
    if (asked) tx.set(keys.chatAsked(chatId), { ...asked, answeredBy: key });
  });
}

/** Forgets a question: something else was said. */
export async function forgetAsked(app: App, chatId: number): Promise<void> {
  if (await read(app, keys.chatAsked(chatId)) === null) return;
  await transact(app, (tx) => tx.delete(keys.chatAsked(chatId)));
}
