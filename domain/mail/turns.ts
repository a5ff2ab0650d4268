import { AppError } from "../../core/errors.ts";

export interface TurnsOptions {
  /** How many work at once. */
  atOnce: number;
  /** How many more may wait for that. */
  waiting: number;
}

/** Lets few do what is heavy, some wait for it, and sends the others away. */
export class Turns {
  #working = 0;
  #line: (() => void)[] = [];

  constructor(private readonly options: TurnsOptions) {}

  /** @throws {AppError} `unavailable` when the line is full; then `work` was not begun. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#working >= this.options.atOnce) await this.#wait();
    else this.#working++;
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      if (next) next(); // hands its place over, so that nobody slips in between
      else this.#working--;
    }
  }

  #wait(): Promise<void> {
    if (this.#line.length >= this.options.waiting) {
      throw new AppError("unavailable", "Cannot check the password now: too many are waiting", {
        retryAfterMs: 2_000,
      });
    }
    return new Promise((resolve) => this.#line.push(resolve));
  }
}
