import { AppError } from "../core/errors.ts";

interface Call {
  endsAt: number;
  late: () => void;
}

/**
 * Ends the waiting for calls that take too long, with one timer for all that are under way. A
 * deadline of the machine, not a time of the domain: it does not follow a clock moved by hand.
 */
export class Deadline {
  /** In the order of their ends, since all may take equally long. */
  readonly #calls = new Set<Call>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ms: number) {}

  /** @throws {AppError} `unavailable` when there is no answer in time; the call itself goes on. */
  within<T>(call: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () =>
        reject(new AppError("unavailable", "Cannot reach the store: no answer in time"));
      const waiting = { endsAt: performance.now() + this.ms, late };
      this.#calls.add(waiting);
      this.#timer ??= setTimeout(() => this.#look(), this.ms);
      call().then(resolve, reject).finally(() => this.#forget(waiting));
    });
  }

  /** Ends the waiting for all that is under way: a test's way to let the time pass. */
  pass(): void {
    for (const call of this.#calls) {
      call.late();
      this.#forget(call);
    }
  }

  #forget(call: Call): void {
    this.#calls.delete(call);
    if (this.#calls.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const now = performance.now();
    for (const call of this.#calls) {
      if (call.endsAt > now) {
        this.#timer = setTimeout(() => this.#look(), call.endsAt - now);
        return;
      }
      this.#calls.delete(call);
      call.late();
    }
    this.#timer = undefined;
  }
}
