import { systemClock } from "../../adapters/clock.ts";
import type { Clock } from "../../core/app.ts";
import type { ChatUpdate } from "../../core/chat.ts";
import { BotChats, type ChatInfo, type ChatType, type SentMessage } from "./bot_api_chats.ts";
import { badRequest, isRecord, type Params } from "./bot_api_check.ts";
import { FloodControl, type RandomFlood } from "./bot_api_flood.ts";
import { BotApiError } from "./bot_api_html.ts";
import { type BotCommand, botMethods, type CallbackAnswer } from "./bot_api_methods.ts";
import { BotPeople, type Saying } from "./bot_api_people.ts";
import { UpdateQueue } from "./bot_api_updates.ts";
import { startTcpFront } from "./tcp_front.ts";

/** How the next calls go wrong; what is not said goes as usual. */
export interface BotFault {
  /** Which method; `sendMessage`, if not given. */
  on?: string;
  /** What was asked for is done all the same, as by a server that breaks before it answers. */
  handle?: boolean;
  /** The connection ends without an answer. */
  drop?: boolean;
  /** Before anything else, by the machine's own time; `Infinity` lasts until the end. */
  slowMs?: number;
  /** Answered in Telegram's form. */
  error?: { code: number; words: string; retryAfter?: number };
  /** Answered as it stands. */
  status?: number;
  body?: string;
}

export interface BotCall {
  method: string;
  params: Params;
  at: number;
  /** What it was answered; undefined while it waits, or when it was not answered at all. */
  status?: number;
}

export interface BotApiOptions {
  clock?: Clock;
  /** What the bot calls itself. */
  username?: string;
  flood?: RandomFlood;
}

export interface BotApi extends AsyncDisposable {
  /** Also what a child process is told as `TELEGRAM_API_URL`. */
  readonly url: string;
  readonly token: string;
  readonly calls: readonly BotCall[];
  /** Updates that nobody has confirmed. */
  readonly updates: readonly ChatUpdate[];
  readonly webhook: { url: string; secret?: string } | undefined;
  readonly commands: readonly BotCommand[];
  /** What pressed buttons were answered. */
  readonly callbackAnswers: readonly CallbackAnswer[];
  /** Calls about a chat that came before the pause was over that the chat was told. */
  readonly early: number;
  /** Lets the bot know a chat; of a private one it is also the id of the person. */
  chat(id: number, options?: { type?: ChatType; name?: string; username?: string }): ChatInfo;
  /** The person blocks the bot, or lets it in again. */
  block(id: number): ChatUpdate;
  unblock(id: number): ChatUpdate;
  messagesIn(chatId: number): SentMessage[];
  say(chatId: number, text: string, how?: Saying): ChatUpdate;
  /** The person changes what was said in a message of an update. */
  reword(update: ChatUpdate, text: string): ChatUpdate;
  /** Presses a button of a message by what stands on it, or by its data; `by` another person. */
  press(chatId: number, messageId: number, button: string, by?: number): ChatUpdate;
  /** Any other update, in the form of the Bot API. */
  tell(kind: string, payload: unknown): ChatUpdate;
  /**
   * Posts an update as Telegram does (the oldest, if not given), and forgets it when it is taken.
   * @returns the status.
   */
  deliverTo(
    url: string,
    secret?: string,
    options?: { update?: ChatUpdate; fetch?: typeof fetch },
  ): Promise<number>;
  /** Has calls about a chat refused for so many seconds. */
  hold(chatId: number, seconds: number): void;
  answerWith(fault: BotFault, times?: number): void;
  /** Ends the connection of the next calls before or after they are handled. */
  drop(times: number, when: "before" | "after", on?: string): void;
}

const TOKEN = "7180001234:AAplanted-token-of-the-stand_in-bot0";

/** Telegram's Bot API on loopback, as strict as the real one, with people who write to the bot. */
export function botApi(options: BotApiOptions = {}): BotApi {
  const { clock = systemClock, username = "clock_work_test_bot", flood } = options;
  const closing = new AbortController();
  const control = new FloodControl(clock, flood);
  const chats = new BotChats(clock, control);
  const queue = new UpdateQueue(clock, closing.signal);
  const me = { id: Number(TOKEN.split(":")[0]), is_bot: true, first_name: "Clock Work", username };
  const people = new BotPeople({ clock, chats, queue, me });
  const { methods, commands, callbackAnswers } = botMethods({ me, chats, people, queue });
  const calls: BotCall[] = [];
  const faults: BotFault[] = [];

  async function run(method: string, params: Params, signal: AbortSignal): Promise<Response> {
    try {
      const handler = methods[method.toLowerCase()];
      if (!handler) throw new BotApiError(404, "Not Found");
      return Response.json({ ok: true, result: await handler(params, signal) });
    } catch (error) {
      if (!(error instanceof BotApiError)) throw error;
      return refusal(error);
    }
  }

  async function handle(request: Request, { remoteAddr }: Deno.ServeHandlerInfo<Deno.NetAddr>) {
    const url = new URL(request.url);
    const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname) ?? [];
    const text = await request.text();
    if (token === undefined || !/^\d+:[\w-]+$/.test(token)) {
      return refusal(new BotApiError(404, "Not Found"));
    }
    if (token !== TOKEN) return refusal(new BotApiError(401, "Unauthorized"));
    const params = text === "" ? Object.fromEntries(url.searchParams) : parse(text);
    if (!params) return refusal(badRequest("can't parse parameters JSON object"));
    const call: BotCall = { method, params, at: clock.now() };
    calls.push(call);

    const index = faults.findIndex(({ on = "sendMessage" }) => on === method);
    const fault = index < 0 ? {} : faults.splice(index, 1)[0]!;
    const { slowMs, error, status, body } = fault;
    if (slowMs !== undefined) await pause(slowMs, closing.signal);
    const instead = fault.drop || error || status !== undefined || body !== undefined;
    const real = !instead || fault.handle ? await run(method, params, request.signal) : undefined;
    if (fault.drop) {
      front.cut(remoteAddr.port);
      return new Response();
    }
    const answer = error
      ? refusal(new BotApiError(error.code, error.words, retryAfter(error.retryAfter)))
      : instead
      ? new Response(body ?? "{}", { status: status ?? 200 })
      : real!;
    call.status = answer.status;
    return answer;
  }

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handle);
  const front = startTcpFront(server.addr.port);

  function answerWith(fault: BotFault, times = 1): void {
    for (let i = 0; i < times; i++) faults.push(fault);
  }

  return {
    url: `http://127.0.0.1:${front.port}`,
    token: TOKEN,
    calls,
    updates: queue.pending,
    get webhook() {
      return queue.webhook;
    },
    commands,
    callbackAnswers,
    get early() {
      return control.early;
    },
    chat: (id, { type = "private", name = "Ana", username } = {}) =>
      chats.add({ id, type, name, ...(username === undefined ? {} : { username }) }),
    block: (id) => people.setBlocked(id, true),
    unblock: (id) => people.setBlocked(id, false),
    messagesIn: (chatId) => chats.messagesIn(chatId),
    say: (chatId, text, how) => people.say(chatId, text, how),
    reword: (update, text) => people.reword(update, text),
    press: (chatId, messageId, button, by) => people.press(chatId, messageId, button, by),
    tell: (kind, payload) => queue.push(kind, payload),
    async deliverTo(url, secret, { update = queue.pending[0], fetch: post = fetch } = {}) {
      if (!update) throw new Error("the test delivers an update, but there is none");
      const response = await post(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(secret !== undefined && { "x-telegram-bot-api-secret-token": secret }),
        },
        body: JSON.stringify(update),
      });
      await response.body?.cancel();
      const at = response.ok ? queue.pending.indexOf(update) : -1;
      if (at >= 0) queue.pending.splice(at, 1);
      return response.status;
    },
    hold: (chatId, seconds) => control.hold(chatId, seconds),
    answerWith,
    drop: (times, when, on) => answerWith({ drop: true, handle: when === "after", on }, times),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await front.close();
      await server.shutdown();
    },
  };
}

function refusal({ code, words, parameters }: BotApiError): Response {
  const body = { ok: false, error_code: code, description: words, parameters };
  return Response.json(body, { status: code });
}

function retryAfter(seconds: number | undefined): Record<string, number> | undefined {
  return seconds === undefined ? undefined : { retry_after: seconds };
}

function parse(text: string): Params | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = ms === Infinity ? undefined : setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
