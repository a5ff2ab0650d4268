import type { App } from "../core/app.ts";
import type { AppEvent } from "../kv/schema.ts";
import { follow, type Topic } from "./events.ts";
import { Outgoing } from "./outgoing.ts";

/** The sub-protocol: its frames are those of islands/frames.ts. */
export const SOCKET_PROTOCOL = "cw.v1";
/** How often a page hears that the connection is alive, ms; after two misses it looks elsewhere. */
const BEAT_MS = 5_000;
/** How often it is asked whether the session still holds, ms. */
const RECHECK_MS = 60_000;
const MAX_FRAME_CHARS = 4_096;
/** Most frames from the page within `WINDOW_MS`. */
const MAX_FRAMES = 20;
const WINDOW_MS = 10_000;

/** Close codes of RFC 6455, 7.4.1. */
const POLICY_VIOLATION = 1008;
const TOO_BIG = 1009;

export interface ConnectionOptions {
  /** The account's own topic. */
  own: Topic;
  /** Whether the session that opened the connection still holds. */
  holds: () => Promise<boolean>;
  /** Called once when it is over, from either side. */
  ended: () => void;
  /** Called once when nothing is left of the socket; with a peer that does not answer, never. */
  gone: () => void;
}

/** Speaks `cw.v1` with one page until either side ends it. */
export class Connection {
  readonly #end = new AbortController();
  readonly #topics = new Map<string, AbortController>();
  readonly #out: Outgoing;
  #isGone = false;
  #frames = 0;
  #windowEnds = 0;

  constructor(
    private readonly app: App,
    private readonly socket: WebSocket,
    private readonly options: ConnectionOptions,
  ) {
    const stuck = () => {
      app.log.warn("socket_stuck");
      this.close(POLICY_VIOLATION, "not reading");
    };
    this.#out = new Outgoing(socket, app.clock, this.#end.signal, stuck);
    socket.addEventListener("open", () => this.#open());
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", () => this.#gone());
    socket.addEventListener("error", () => this.#gone());
  }

  close(code: number, reason: string): void {
    if (this.socket.readyState <= WebSocket.OPEN) this.socket.close(code, reason);
    this.#ended();
  }

  #ended(): void {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    for (const following of this.#topics.values()) following.abort();
    this.options.ended();
  }

  #gone(): void {
    this.#ended();
    if (this.#isGone) return;
    this.#isGone = true;
    this.options.gone();
  }

  #open(): void {
    void this.#every(BEAT_MS, () => this.#out.offer("beat", { type: "beat" }));
    void this.#every(RECHECK_MS, () => this.#recheck());
  }

  async #every(ms: number, act: () => void | Promise<void>): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      await act();
      await this.app.clock.sleep(ms, signal);
    }
  }

  async #recheck(): Promise<void> {
    try {
      if (!await this.options.holds()) this.close(POLICY_VIOLATION, "signed out");
    } catch (error) {
      this.app.log.error("socket_recheck_failed", {}, error);
    }
  }

  #receive(data: unknown): void {
    const now = this.app.clock.now();
    if (now >= this.#windowEnds) [this.#frames, this.#windowEnds] = [0, now + WINDOW_MS];
    if (typeof data !== "string" || data.length > MAX_FRAME_CHARS) {
      return this.close(TOO_BIG, "too long");
    }
    if (++this.#frames > MAX_FRAMES) return this.close(POLICY_VIOLATION, "too many frames");
    const frame = parse(data);
    if (frame === null) return this.#refuse("invalid", "Cannot read this frame");
    if (frame.type === "unsub") return this.#topics.get(frame.topic)?.abort();
    if (frame.type === "sub") this.#subscribe(frame.topic, frame.after);
  }

  #subscribe(topic: string, after: number): void {
    if (topic !== this.options.own && topic !== "everyone") {
      return this.#refuse("not_found", "Cannot find the topic");
    }
    this.#topics.get(topic)?.abort();
    const following = new AbortController();
    this.#topics.set(topic, following);
    void this.#pump(topic as Topic, after, following.signal);
  }

  async #pump(topic: Topic, after: number, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of follow(this.app, topic, { after, signal })) {
        if (event === "gap") this.#out.offer(`${topic} gap`, { type: "gap", topic });
        else {
          this.#out.offer(`${topic} ${nameOf(event)}`, {
            type: "event",
            topic,
            seq: event.seq,
            event,
          });
          if (event.type === "session") await this.#recheck();
        }
      }
    } catch (error) {
      // The page resumes from its last number.
      this.app.log.error("socket_pump_failed", {}, error);
      this.close(1011, "try again");
    }
  }

  #refuse(code: string, message: string): void {
    this.#out.offer("error", { type: "error", error: { code, message } });
  }
}

/** What an event is about: an unsent one about the same thing is replaced by it. */
function nameOf({ type, data }: AppEvent): string {
  const id = typeof data === "object" && data !== null && "id" in data ? data.id : "";
  return `${type} ${String(id)}`;
}

type Frame = { type: "sub"; topic: string; after: number } | { type: "unsub"; topic: string } | {
  type: "ack";
};

function parse(text: string): Frame | null {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof frame !== "object" || frame === null || !("type" in frame)) return null;
  if (frame.type === "ack") return { type: "ack" };
  const topic = "topic" in frame && typeof frame.topic === "string" ? frame.topic : null;
  if (topic === null) return null;
  if (frame.type === "unsub") return { type: "unsub", topic };
  const after = "after" in frame && Number.isSafeInteger(frame.after) ? Number(frame.after) : -1;
  return frame.type === "sub" && after >= 0 ? { type: "sub", topic, after } : null;
}
