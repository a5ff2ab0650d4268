import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { Api } from "grammy";
import { z } from "zod";
import type { Answer } from "../core/answer.ts";
import type { Clock } from "../core/app.ts";
import type { Messenger } from "../core/chat.ts";
import { AppError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import { readApiRoot } from "./api_root.ts";
import { ChatPace, type Held } from "./chat_pace.ts";
import { oneLine } from "./reason.ts";
import {
  type Failure,
  isSoAlready,
  isTokenRefused,
  readFailure,
  telegramAnswer,
} from "./telegram_answer.ts";
import { messageId, toOptions } from "./telegram_message.ts";

export interface TelegramOptions {
  /** As BotFather gave it. */
  token: string;
  /** Where the Bot API is, if not at Telegram's own address; `http:` on this machine only. */
  apiUrl?: string;
  clock: Clock;
  log: Log;
  /** For one call in all, in milliseconds; what is waited for updates comes on top. */
  fetchTimeoutMs?: number;
}

const TIMEOUT_MS = 20_000;
/** A hundred updates of long messages are some 2 MB. */
const MAX_ANSWER_BYTES = 10_000_000;
const ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"] as const;
/** Telegram ends the older of two questions, so that being eager would end each other's. */
const CONFLICT_PAUSE_MS = 30_000;
/** Calls to our webhook at once; each is a commit. */
const MAX_CONNECTIONS = 20;

const Bot = z.object({ id: z.number().int(), username: z.string(), first_name: z.string() });
const Updates = z.array(z.looseObject({ update_id: z.number().int() }));

/**
 * A chat with people through Telegram's Bot API. It has no name by which a message could be asked
 * for later: what is unclear stays unclear.
 *
 * Sends 20 messages a second and one a second to each chat (three at once), and waits up to a second
 * for a turn, with a reply up to three. Never calls before a pause is over that Telegram asked for.
 */
export function createTelegram(options: TelegramOptions): Messenger {
  const { token, apiUrl, clock, log, fetchTimeoutMs = TIMEOUT_MS } = options;
  if (!/^\d+:[\w-]{20,}$/.test(token)) {
    throw new Error("Cannot use TELEGRAM_BOT_TOKEN: it is no token such as BotFather gives");
  }
  const apiRoot = readApiRoot(apiUrl ?? "https://api.telegram.org");
  const Agent = apiRoot.startsWith("https:") ? HttpsAgent : HttpAgent;
  // Deno sends a request once more by itself when a connection that had been used before ends
  // without an answer. A message could go out twice, and nobody would know: each call has its own.
  const agent = new Agent({ keepAlive: false });
  const transport = { agent, redirect: "error", size: MAX_ANSWER_BYTES };
  const withLimit = (ms: number) =>
    new Api(token, { apiRoot, timeoutSeconds: ms / 1_000, baseFetchConfig: transport });
  const api = withLimit(fetchTimeoutMs);

  const pace = new ChatPace(clock);
  const closing = new AbortController();
  const secrets = [token, token.slice(token.indexOf(":") + 1)];
  let tokenRefused = false;
  let bot: ReturnType<Messenger["me"]> | undefined;

  /** Reads what was thrown, and writes it down once when it is that the token is not known. */
  function failureOf(thrown: unknown): Failure {
    const failure = readFailure(thrown);
    if (isTokenRefused(failure)) {
      if (!tokenRefused) log.error("telegram_token_refused");
      tokenRefused = true;
    }
    return failure;
  }

  /** Waits for its turn, calls, and makes an answer of what comes of it. */
  async function hand(
    method: string,
    { chatId = null, reply = false }: { chatId?: number | null; reply?: boolean },
    call: (signal: AbortSignal) => Promise<string>,
  ): Promise<Answer> {
    const turn = pace.take(chatId, { reply });
    if (!("waitMs" in turn)) return notYet(turn);
    if (turn.waitMs > 0) await clock.sleep(turn.waitMs, closing.signal);
    const held = pace.held(chatId);
    if (held) return notYet(held);
    if (closing.signal.aborted) return { is: "down", reason: "Cannot send: the bot was closed" };
    try {
      const providerId = await call(closing.signal);
      tokenRefused = false;
      return { is: "accepted", providerId };
    } catch (thrown) {
      const failure = failureOf(thrown);
      const answer = telegramAnswer(failure, secrets);
      if (!isTokenRefused(failure)) {
        const why = failure.is === "answered" ? failure.status : failure.code;
        log.info("telegram_not_accepted", { method, is: answer.is, why });
      }
      if (answer.is !== "postponed") return answer;
      const held = pace.refused(chatId, answer.retryAfterMs ?? 0);
      return { ...answer, ...(held.all && { is: "down" }), retryAfterMs: held.retryAfterMs };
    }
  }

  /** @throws {AppError} for what went wrong with a question. */
  function cannot(thrown: unknown): AppError {
    const failure = failureOf(thrown);
    if (failure.is === "answered" && failure.status === 409) {
      const reason = `Cannot ask Telegram: ${oneLine(failure.words, secrets)}`;
      return new AppError("conflict", reason, { retryAfterMs: CONFLICT_PAUSE_MS });
    }
    const answer = telegramAnswer(failure, secrets);
    const reason = answer.is === "accepted" ? "" : answer.reason;
    const retryAfterMs = "retryAfterMs" in answer ? answer.retryAfterMs : undefined;
    return new AppError("unavailable", reason, { retryAfterMs });
  }

  return {
    send: (message) =>
      hand("sendMessage", message, async (signal) => {
        const { chatId, html } = message;
        return messageId(await api.sendMessage(chatId, html, toOptions(message), signal));
      }),
    edit: (id, message) =>
      hand("editMessageText", message, async (signal) => {
        const { disable_notification: _, ...options } = toOptions(message);
        try {
          await api.editMessageText(message.chatId, id, message.html, options, signal);
        } catch (thrown) {
          if (!isSoAlready(readFailure(thrown))) throw thrown;
        }
        return String(id);
      }),
    answerCallback: (id, { text, alert } = {}) =>
      hand("answerCallbackQuery", { reply: true }, async (signal) => {
        await api.answerCallbackQuery(id, { text, show_alert: alert }, signal);
        return id;
      }),
    me: () =>
      bot ??= api.getMe(closing.signal).then(Bot.parse).then(
        ({ id, username, first_name: name }) => ({ id, username, name }),
        (thrown) => {
          bot = undefined;
          throw cannot(thrown);
        },
      ),
    setCommands: (commands) =>
      hand("setMyCommands", {}, async (signal) => {
        await api.setMyCommands(commands, {}, signal);
        return "commands";
      }),
    setWebhook: ({ url, secret }) =>
      hand("setWebhook", {}, async (signal) => {
        await api.setWebhook(url, {
          secret_token: secret,
          allowed_updates: ALLOWED_UPDATES,
          max_connections: MAX_CONNECTIONS,
        }, signal);
        return "webhook";
      }),
    deleteWebhook: () =>
      hand("deleteWebhook", {}, async (signal) => {
        await api.deleteWebhook({}, signal);
        return "webhook";
      }),
    async updates({ offset, timeoutS, signal }) {
      const patient = withLimit(timeoutS * 1_000 + fetchTimeoutMs);
      const ended = AbortSignal.any([signal, closing.signal]);
      const question = { offset, timeout: timeoutS, allowed_updates: ALLOWED_UPDATES };
      try {
        return Updates.parse(await patient.getUpdates(question, ended));
      } catch (thrown) {
        if (ended.aborted) return [];
        throw cannot(thrown);
      }
    },
    close() {
      closing.abort();
      agent.destroy();
      return Promise.resolve();
    },
  };
}

function notYet({ all, retryAfterMs }: Held): Answer {
  return all
    ? { is: "down", reason: "Cannot send yet: Telegram asked the bot to wait", retryAfterMs }
    : { is: "postponed", reason: "Cannot send yet: too much for one chat", retryAfterMs };
}
