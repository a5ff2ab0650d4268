import type { Clock } from "../../core/app.ts";
import { BotApiError } from "./bot_api_html.ts";
import { seeded } from "./random.ts";

/** Tokens that come back at a rate, up to so many. */
interface Bucket {
  left: number;
  at: number;
}

/** 429s that come without a reason, the same for the same seed. */
export interface RandomFlood {
  seed: number;
  /** Of the messages, from 0 to 1. */
  share: number;
  /** Longest pause that is asked for, in seconds. */
  maxS: number;
}

const PER_CHAT = { perSecond: 1, burst: 5 };
const OVERALL = { perSecond: 30, burst: 30 };

/** Who is too fast, and who calls before the pause is over that was asked for. */
export class FloodControl {
  /** How many calls came before their time. */
  early = 0;
  readonly #chats = new Map<number, Bucket>();
  readonly #holds = new Map<number, { until: number; told: boolean }>();
  readonly #overall: Bucket;
  readonly #random: () => number;

  constructor(private readonly clock: Clock, private readonly flood?: RandomFlood) {
    this.#overall = { left: OVERALL.burst, at: clock.now() };
    this.#random = seeded(flood?.seed ?? 0);
  }

  /** Has calls about this chat refused for so long, in seconds. */
  hold(chatId: number, seconds: number): void {
    this.#holds.set(chatId, { until: this.clock.now() + seconds * 1_000, told: false });
  }

  /** @throws {BotApiError} 429 when a message to the chat is too much. */
  check(chatId: number): void {
    const now = this.clock.now();
    const hold = this.#holds.get(chatId);
    if (hold && hold.until > now) {
      if (hold.told) this.early++;
      hold.told = true;
      throw tooMany(Math.ceil((hold.until - now) / 1_000));
    }
    const own = this.#chats.get(chatId) ?? { left: PER_CHAT.burst, at: now };
    this.#chats.set(chatId, own);
    if (!take(own, PER_CHAT, now) || !take(this.#overall, OVERALL, now)) this.#refuse(chatId, 1);
    if (this.flood && this.#random() < this.flood.share) {
      this.#refuse(chatId, 1 + Math.floor(this.#random() * this.flood.maxS));
    }
  }

  #refuse(chatId: number, seconds: number): never {
    this.#holds.set(chatId, { until: this.clock.now() + seconds * 1_000, told: true });
    throw tooMany(seconds);
  }
}

function take(bucket: Bucket, { perSecond, burst }: typeof OVERALL, now: number): boolean {
  bucket.left = Math.min(burst, bucket.left + Math.max(0, now - bucket.at) * perSecond / 1_000);
  bucket.at = now;
  if (bucket.left < 1) return false;
  bucket.left--;
  return true;
}

export function tooMany(seconds: number): BotApiError {
  return new BotApiError(429, `Too Many Requests: retry after ${seconds}`, {
    retry_after: seconds,
  });
}
