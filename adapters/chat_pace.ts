import type { Clock } from "../core/app.ts";

/** So many calls at once, then one each `everyMs`. */
interface Limit {
  everyMs: number;
  burst: number;
}

/** Telegram's bot FAQ: about 30 a second in bulk. Burst and rate of one second together are 30. */
const OVERALL: Limit = { everyMs: 50, burst: 10 };
/** Telegram's bot FAQ: about one a second to a chat, short bursts are let through. */
const PER_CHAT: Limit = { everyMs: 1_000, burst: 3 };
/** A second refusal within this means that it is not about one chat. */
const SAME_TROUBLE_MS = 10_000;
/** One that asks for more is asked again after this, which also bounds what is remembered. */
const LONGEST_HOLD_MS = 86_400_000;
/** Whoever would wait longer for a turn is told to come back instead. */
const PATIENCE_MS = 1_000;
/** The same where somebody waits for the answer: behind all who send in bulk there is still a turn. */
const REPLY_PATIENCE_MS = 3_000;
/** Chats that are remembered before those that need not be are looked for. */
const KEPT_CHATS = 1_000;

/** No turn before `retryAfterMs`; `all` when Telegram wants that of the whole bot. */
export interface Held {
  all: boolean;
  retryAfterMs: number;
}

/**
 * When the next call to a chat may be made. Calls take their turn before they wait for it, so that
 * they come in the order in which they asked; whoever would wait longer than 1 s gets none, a reply
 * than 3 s.
 *
 * Of this process alone: Telegram's own refusals are what keeps several in order.
 */
export class ChatPace {
  readonly #overall = new Line(OVERALL);
  readonly #bot = new Hold();
  readonly #chats = new Map<number, { line: Line; hold: Hold }>();
  #sweepAt = KEPT_CHATS;
  #refusedAt = -Infinity;

  constructor(private readonly clock: Clock) {}

  /** How many chats are remembered. */
  get size(): number {
    return this.#chats.size;
  }

  /**
   * Takes a turn, and says how long to wait for it; `chatId` is null for a call about no chat, `reply`
   * one that somebody waits for.
   */
  take(chatId: number | null, { reply = false } = {}): { waitMs: number } | Held {
    const now = this.clock.now();
    const held = this.held(chatId);
    if (held) return held;
    const chat = chatId === null ? undefined : this.#chat(chatId);
    const waitMs = Math.max(chat?.line.waitMs(now) ?? 0, this.#overall.waitMs(now));
    if (waitMs > (reply ? REPLY_PATIENCE_MS : PATIENCE_MS)) {
      return { all: false, retryAfterMs: waitMs };
    }
    chat?.line.join(now);
    this.#overall.join(now);
    return { waitMs };
  }

  /** Whether Telegram asked for a pause that is not over, whatever turn was taken before. */
  held(chatId: number | null): Held | undefined {
    const now = this.clock.now();
    const botMs = this.#bot.leftMs(now);
    if (botMs > 0) return { all: true, retryAfterMs: botMs };
    const chatMs = chatId === null ? 0 : this.#chats.get(chatId)?.hold.leftMs(now) ?? 0;
    return chatMs > 0 ? { all: false, retryAfterMs: chatMs } : undefined;
  }

  /** Telegram wants a pause of `ms`: for this chat, or for all when it said so a moment ago too. */
  refused(chatId: number | null, ms: number): Held {
    const now = this.clock.now();
    const pauseMs = Math.min(ms, LONGEST_HOLD_MS);
    const sinceMs = now - this.#refusedAt;
    this.#refusedAt = now;
    if (chatId !== null) this.#chat(chatId).hold.set(now, pauseMs);
    const all = sinceMs >= 0 && sinceMs < SAME_TROUBLE_MS;
    if (all) this.#bot.set(now, pauseMs);
    return { all, retryAfterMs: pauseMs };
  }

  #chat(chatId: number) {
    let chat = this.#chats.get(chatId);
    if (chat === undefined) {
      if (this.#chats.size >= this.#sweepAt) this.#sweep();
      chat = { line: new Line(PER_CHAT), hold: new Hold() };
      this.#chats.set(chatId, chat);
    }
    return chat;
  }

  /** Forgets chats that could be called at once. The rest is bounded by the overall pace. */
  #sweep(): void {
    const now = this.clock.now();
    for (const [chatId, { line, hold }] of this.#chats) {
      if (line.isEmpty(now) && hold.leftMs(now) === 0) this.#chats.delete(chatId);
    }
    this.#sweepAt = Math.max(KEPT_CHATS, 2 * this.#chats.size);
  }
}

/** Those who wait for one limit (GCRA, as in ITU-T I.371): only the time when it is idle again. */
class Line {
  #idleAt = -Infinity;

  constructor(private readonly limit: Limit) {}

  waitMs(now: number): number {
    const { everyMs, burst } = this.limit;
    // Later than this it cannot be, unless the clock was set back.
    this.#idleAt = Math.min(this.#idleAt, now + burst * everyMs + REPLY_PATIENCE_MS);
    return Math.max(0, this.#idleAt - now - (burst - 1) * everyMs);
  }

  join(now: number): void {
    this.#idleAt = Math.max(this.#idleAt, now) + this.limit.everyMs;
  }

  isEmpty(now: number): boolean {
    return this.#idleAt <= now;
  }
}

/** A pause that was asked for. */
class Hold {
  #since = 0;
  #ms = 0;

  set(now: number, ms: number): void {
    if (this.leftMs(now) >= ms) return;
    this.#since = now;
    this.#ms = ms;
  }

  /** A clock that was set back makes it begin again, at most: never shorter, never endless. */
  leftMs(now: number): number {
    this.#since = Math.min(this.#since, now);
    const left = Math.max(0, this.#since + this.#ms - now);
    if (left === 0) this.#ms = 0;
    return left;
  }
}
