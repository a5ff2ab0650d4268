import type { Clock } from "../core/app.ts";

/** Most bytes that wait unsent for one reader (a peer that stops reading is never freed by the runtime). */
const MAX_UNSENT_BYTES = 16_384;
/** How often a slow reader is looked at again, ms. */
const RETRY_MS = 250;
/** A reader that takes nothing for so long is given up, ms. */
const STUCK_MS = 20_000;

/** The part of a WebSocket that sending needs. */
export interface Sink {
  readonly bufferedAmount: number;
  send(text: string): void;
}

/**
 * Sends frames to one reader. While it is slow only the newest frame of each name is kept, so it gets
 * newer state and never a longer queue. `stuck` is called once when it takes nothing for 20 s.
 */
export class Outgoing {
  #waiting = new Map<string, string>();
  #flushing = false;

  constructor(
    private readonly sink: Sink,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
    private readonly stuck: () => void,
  ) {}

  /** A frame that replaces an unsent one of the same name. */
  offer(name: string, frame: unknown): void {
    this.#waiting.delete(name); // so that the newest goes to the end
    this.#waiting.set(name, JSON.stringify(frame));
    this.#flush();
    if (this.#waiting.size > 0 && !this.#flushing) void this.#keepFlushing();
  }

  #flush(): void {
    for (const [name, text] of this.#waiting) {
      const unsent = this.sink.bufferedAmount;
      // A frame that is larger by itself would wait for ever, and all others behind it.
      const fits = unsent === 0 || unsent + text.length <= MAX_UNSENT_BYTES;
      if (this.signal.aborted || !fits) return;
      this.sink.send(text);
      this.#waiting.delete(name);
    }
  }

  async #keepFlushing(): Promise<void> {
    this.#flushing = true;
    let least = this.sink.bufferedAmount;
    let since = this.clock.now();
    while (this.#waiting.size > 0 && !this.signal.aborted) {
      await this.clock.sleep(RETRY_MS, this.signal);
      this.#flush();
      const now = this.clock.now();
      if (this.sink.bufferedAmount < least) since = now;
      least = this.sink.bufferedAmount;
      if (now - since >= STUCK_MS) {
        this.#waiting.clear();
        this.stuck();
      }
    }
    this.#flushing = false;
  }
}
