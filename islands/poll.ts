import type { WorkView } from "../domain/work.ts";
import { ApiError, getJob } from "./api.ts";

const EVERY_MS = [1_000, 3_000, 10_000];
const FINAL = ["completed", "cancelled", "discarded"];

export interface PollEvents {
  job(job: WorkView): void;
  signedOut(): void;
  /** The pause until the next question, or null when there is no answer or nothing to ask for. */
  pace(everyMs: number | null): void;
}

/** Asks for the jobs of a page again and again: soon at first, then calmer while nothing changes. */
export class Poll {
  #step = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #on = false;

  constructor(private readonly jobs: ReadonlySet<string>, private readonly events: PollEvents) {}

  start(): void {
    if (this.#on) return;
    this.#on = true;
    this.#step = 0;
    this.#plan();
  }

  stop(): void {
    this.#on = false;
    clearTimeout(this.#timer);
  }

  /** Asks for each job once and says what came of it. */
  async ask(): Promise<"news" | "same" | "down"> {
    const answers = await Promise.allSettled([...this.jobs].map((id) => getJob(id)));
    let down = answers.length > 0;
    let news = false;
    for (const answer of answers) {
      if (answer.status === "fulfilled") {
        down = false;
        if (answer.value === null) continue;
        news = true;
        this.events.job(answer.value);
      } else if (answer.reason instanceof ApiError && answer.reason.status === 401) {
        this.events.signedOut();
      }
    }
    return down ? "down" : news ? "news" : "same";
  }

  #plan(): void {
    this.#timer = setTimeout(() => this.#round(), EVERY_MS[this.#step]);
  }

  async #round(): Promise<void> {
    const came = await this.ask();
    if (!this.#on) return;
    this.#step = came === "news" ? 1 : Math.min(this.#step + 1, EVERY_MS.length - 1);
    this.events.pace(came === "down" || this.jobs.size === 0 ? null : EVERY_MS[this.#step] ?? null);
    this.#plan();
  }
}

/** Whether nothing more will happen to a job. */
export const isFinal = ({ state }: { state: string }): boolean => FINAL.includes(state);
