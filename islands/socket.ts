import { type ClientFrame, type ServerFrame, SOCKET_PROTOCOL } from "./frames.ts";

/** The server beats every five seconds; two missed beats are a lost connection. */
const SILENCE_MS = 10_000;
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000];
/** The server's reason for closing when the session is over. */
const SIGNED_OUT = "signed out";

export interface SocketEvents {
  event(type: string, data: unknown): void;
  /** Whatever came, and how many characters it was. */
  frame(frame: ServerFrame, size: number): void;
  /** Events were missed for good: ask for the state. */
  gap(): void;
  open(): void;
  lost(): void;
  signedOut(): void;
}

/** The page's one WebSocket: goes on from the last number of each topic, comes back when lost. */
export class Socket {
  #socket: WebSocket | null = null;
  /** Topics with a gap: their next event counts, whatever its number. */
  #gaps = new Set<string>();
  #tries = 0;
  #heardAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly topics: Record<string, number>,
    private readonly events: SocketEvents,
  ) {}

  /** Connects now, also when a later try was planned. */
  open(): void {
    clearTimeout(this.#retry);
    if (this.#socket !== null) return;
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws`, SOCKET_PROTOCOL);
    this.#socket = socket;
    this.#heard();
    socket.onopen = () => {
      for (const [topic, after] of Object.entries(this.topics)) {
        this.#send({ type: "sub", topic, after });
      }
      this.events.open();
    };
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data)) as ServerFrame;
      this.events.frame(frame, String(data).length);
      this.#read(frame);
    };
    socket.onclose = ({ reason }) => {
      if (this.#socket !== socket) return;
      this.close();
      if (reason === SIGNED_OUT) return this.events.signedOut();
      this.#again();
    };
  }

  /** Lets go without coming back. */
  close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #read(frame: ServerFrame): void {
    this.#heard();
    this.#tries = 0;
    if (frame.type === "beat") this.#send({ type: "ack" });
    if (frame.type === "gap") {
      this.#gaps.add(frame.topic);
      this.events.gap();
    }
    if (frame.type !== "event") return;
    if (this.#gaps.delete(frame.topic) || frame.seq > (this.topics[frame.topic] ?? 0)) {
      this.topics[frame.topic] = frame.seq;
      this.events.event(frame.event.type, frame.event.data);
    }
  }

  #send(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  #heard(): void {
    this.#heardAt = Date.now();
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#quiet(), SILENCE_MS);
  }

  /** A hidden page's timers run late, so what counts is the clock. */
  #quiet(): void {
    if (Date.now() - this.#heardAt < SILENCE_MS) return this.#heard();
    this.close();
    this.#again();
  }

  #again(): void {
    const wait = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)] ?? 0;
    this.#retry = setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
    this.events.lost();
  }
}
