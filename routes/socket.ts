import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { sessionHolds } from "../domain/sessions.ts";
import { Connection, SOCKET_PROTOCOL } from "../realtime/connection.ts";
import { createRouter, me } from "./router.ts";

const MAX_OF_ACCOUNT = 5;
const MAX_OF_ADDRESS = 20;
const MAX_IN_ALL = 10_000;
/** A peer that does not answer pings is closed after this, s. */
const IDLE_S = 30;

/** Open sockets, counted by who holds them; those that do not end are counted too. */
class Census {
  #counts = new Map<string, number>();
  #all = 0;

  /** @returns the function that takes one off again. @throws {AppError} when there are too many. */
  enter(accountId: string, address: string): () => void {
    const limits: [string, number][] = [
      [`account ${accountId}`, MAX_OF_ACCOUNT],
      [`address ${address}`, MAX_OF_ADDRESS],
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
    ) {
      throw new AppError(
        "invalid",
        `Cannot connect: this is a WebSocket that speaks ${SOCKET_PROTOCOL}`,
      );
    }
    const leave = census.enter(account.id, address);
    const { socket, response } = Deno.upgradeWebSocket(c.req.raw, {
      protocol: SOCKET_PROTOCOL,
      idleTimeout: IDLE_S,
    });
    const connection = new Connection(app, socket, {
      own: `account:${account.id}`,
      holds: () => sessionHolds(app, sessionValue ?? ""),
      ended: () => {
        leave();
        open.delete(connection);
      },
    });
    open.add(connection);
    return response;
  });
}
