/** What goes over the socket, sub-protocol `cw.v1`. Type-only: both sides import it. */

export const SOCKET_PROTOCOL = "cw.v1";

/** From the page. */
export type ClientFrame =
  | { type: "sub"; topic: string; after: number }
  | { type: "unsub"; topic: string }
  | { type: "ack" };

/** From the server. */
export type ServerFrame =
  | {
    type: "event";
    topic: string;
    seq: number;
    event: { type: string; at: number; data: unknown };
  }
  /** Events are missing: ask for the state. */
  | { type: "gap"; topic: string }
  /** Every five seconds, so that silence means a lost connection. */
  | { type: "beat" }
  | { type: "error"; error: { code: string; message: string } };
