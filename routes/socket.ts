import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { networkOf } from "../domain/accounts/network.ts";
import { sessionHolds } from "../domain/accounts/sessions.ts";
import { Connection, SOCKET_PROTOCOL } from "../realtime/connection.ts";
import { createRouter, me } from "./router.ts";

const MAX_OF_ACCOUNT = 5;
const MAX_OF_NETWORK = 20;
const MAX_IN_ALL = 10_000;
/** A peer that does not answer pings is closed after this, s. */
const IDLE_S = 30;

/** Sockets, counted by who holds them until they are gone: a peer that answers nothing keeps one. */
class Census {
  #counts = new Map<string, number>();
  #all = 0;

  /** @returns the function that takes one off again. @throws {AppError} when there are too many. */
  enter(accountId: string, network: string): () => void {
    const limits: [string, number][] = [
      [`account ${accountId}`, MAX_OF_ACCOUNT],
      [`network ${network}`, MAX_OF_NETWORK],
    ];
    const full = limits.some(([name, limit]) => (this.#counts.get(name) ?? 0) >= limit);
    if (full || this.#all >= MAX_IN_ALL) {
      throw new AppError("rate_limited", "Cannot connect: too many pages are connected already", {
        retryAfterMs: 10_000,
      });
    }
    const add = (change: 1 | -1) => {
      this.#all += change;
      for (const [name] of limits) {
        const count = (this.#counts.get(name) ?? 0) + change;
        if (count > 0) this.#counts.set(name, count);
        else this.#counts.delete(name);
      }
    };
    add(1);
    return () => add(-1);
  }
}

/** /ws: signed in and from our own origin before anything is upgraded. */
export function socketRoutes(app: App, open: Set<Connection>) {
  const census = new Census();
  return createRouter().get("/ws", (c) => {
    const account = me(c);
    const { sessionValue, address } = c.var;
    if (c.req.header("origin") !== app.config.origin) {
      throw new AppError("forbidden", "Cannot connect from another site");
    }
    const offered = c.req.header("sec-websocket-protocol")?.split(/,\s*/) ?? [];
    if (
      c.req.header("upgrade")?.toLowerCase() !== "websocket" || !offered.includes(SOCKET_PROTOCOL)
    ) throw notThis();
    const leave = census.enter(account.id, networkOf(address));
    const upgraded = upgrade(c.req.raw);
    if (upgraded === null) {
      leave();
      throw notThis();
    }
    const { socket, response } = upgraded;
    const connection = new Connection(app, socket, {
      own: `account:${account.id}`,
      holds: () => sessionHolds(app, sessionValue ?? ""),
      ended: () => open.delete(connection),
      gone: leave,
    });
    open.add(connection);
    return response;
  });
}

/** Null for a request that is no whole handshake (RFC 6455, 4.2.1). */
function upgrade(request: Request): Deno.WebSocketUpgrade | null {
  try {
    return Deno.upgradeWebSocket(request, { protocol: SOCKET_PROTOCOL, idleTimeout: IDLE_S });
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const notThis = () =>
  new AppError("invalid", `Cannot connect: this is a WebSocket that speaks ${SOCKET_PROTOCOL}`);
