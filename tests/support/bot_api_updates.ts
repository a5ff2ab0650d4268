import type { Clock } from "../../core/app.ts";
import type { ChatUpdate } from "../../core/chat.ts";
import { badRequest, type Params } from "./bot_api_check.ts";
import { BotApiError } from "./bot_api_html.ts";

const FIRST_UPDATE = 718_000_001;
/** What comes when nobody said otherwise, of what the stand-in knows. */
const UNASKED = ["message", "edited_message", "channel_post", "callback_query", "my_chat_member"];

/** Updates that wait to be fetched or delivered, in their order. */
export class UpdateQueue {
  readonly pending: ChatUpdate[] = [];
  webhook?: { url: string; secret?: string };
  allowed: readonly string[] = UNASKED;
  #next = FIRST_UPDATE;
  #waiting?: { arrived(): void; end(): void };

  constructor(private readonly clock: Clock, private readonly closing: AbortSignal) {}

  /** Makes an update. One that was not asked for is made but never sent. */
  push(kind: string, payload: unknown): ChatUpdate {
    const update: ChatUpdate = { update_id: this.#next++, [kind]: payload };
    if (this.allowed.includes(kind)) this.pending.push(update);
    this.#waiting?.arrived();
    return update;
  }

  confirm(updateId: number): void {
    while (this.pending[0] && this.pending[0].update_id <= updateId) this.pending.shift();
  }

  allow(kinds: unknown): void {
    if (Array.isArray(kinds)) this.allowed = kinds.length > 0 ? kinds.map(String) : UNASKED;
  }

  /** `getUpdates`: an offset confirms what is before it, and the newer of two calls ends the older. */
  async get(params: Params, hungUp: AbortSignal): Promise<ChatUpdate[]> {
    if (this.webhook) {
      const words = "can't use getUpdates method while webhook is active; use deleteWebhook to " +
        "delete the webhook first";
      throw new BotApiError(409, `Conflict: ${words}`);
    }
    const { offset = 0, limit = 100, timeout = 0, allowed_updates: kinds } = params;
    if (!Number.isInteger(limit) || Number(limit) < 1 || Number(limit) > 100) {
      throw badRequest("limit must be from 1 to 100");
    }
    this.allow(kinds);
    this.#waiting?.end();
    const from = Number(offset);
    if (from > 0) this.confirm(from - 1);
    else if (from < 0) this.pending.splice(0, Math.max(0, this.pending.length + from));
    if (this.pending.length === 0 && Number(timeout) > 0) {
      await this.#wait(Number(timeout) * 1_000, hungUp);
    }
    return this.pending.slice(0, Number(limit));
  }

  async #wait(ms: number, hungUp: AbortSignal): Promise<void> {
    const over = new AbortController();
    let ended = false;
    const waiting = {
      arrived: () => over.abort(),
      end: () => {
        ended = true;
        over.abort();
      },
    };
    this.#waiting = waiting;
    await this.clock.sleep(ms, AbortSignal.any([over.signal, hungUp, this.closing]));
    if (this.#waiting === waiting) this.#waiting = undefined;
    if (!ended) return;
    const words = "terminated by other getUpdates request; make sure that only one bot instance " +
      "is running";
    throw new BotApiError(409, `Conflict: ${words}`);
  }
}
