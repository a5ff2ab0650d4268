import type { Clock } from "./app.ts";

/** A token bucket: so many a second, at most one second's worth at once. Of this process alone. */
export class Pace {
  #left: number;
  #at: number;

  constructor(private readonly perSecond: number, private readonly clock: Clock) {
    this.#left = perSecond;
    this.#at = clock.now();
  }

  /** Takes up to `wanted` and says how many there were. */
  take(wanted: number): number {
    this.#refill();
    const taken = Math.min(wanted, Math.floor(this.#left));
    this.#left -= taken;
    return taken;
  }

  /** Until there is one again, ms. */
  waitMs(): number {
    this.#refill();
    return Math.max(0, Math.ceil((1 - this.#left) / this.perSecond * 1_000));
  }

  #refill(): void {
    const now = this.clock.now();
    const grown = Math.max(0, now - this.#at) * this.perSecond / 1_000; // a clock set back gives nothing
    this.#left = Math.min(this.perSecond, this.#left + grown);
    this.#at = now;
  }
}
