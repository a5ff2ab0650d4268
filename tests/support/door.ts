import "./hash.ts";
import type { Hono } from "hono";
import type { App } from "../../core/app.ts";
import { newId } from "../../core/ids.ts";
import { hashPassword } from "../../domain/accounts/passwords.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { accountsRoutes, meRoutes } from "../../routes/accounts.ts";
import { applyGuards, type GuardOptions } from "../../routes/guards.ts";
import { createRouter, type Env } from "../../routes/router.ts";
import { sessionRoutes } from "../../routes/session.ts";
import type { TestApp } from "./app.ts";
import { Client, type ClientOptions, type Fetch } from "./http.ts";

/** Good by every rule. */
export const PASSWORD = "tired otters juggle nine lamps";
export const OTHER_PASSWORD = "velvet canyon ticket marmalade";

export interface DoorOptions extends GuardOptions {
  /** More routes, behind the same guards. */
  add?: (http: Hono<Env>) => void;
}

/** The doors for people's accounts, behind all guards, as the server has them. */
export function door(app: App, { add, ...options }: DoorOptions = {}): Fetch {
  const http = createRouter();
  applyGuards(app, http, options);
  http.route("/api/accounts", accountsRoutes(app));
  http.route("/api/me", meRoutes(app));
  http.route("/api/session", sessionRoutes(app));
  add?.(http);
  return (request, hostname) =>
    http.fetch(request, { remoteAddr: { transport: "tcp", hostname, port: 40_000 } });
}

/** A browser in front of a door. */
export function browser(app: App, fetch: Fetch, options: ClientOptions = {}): Client {
  return new Client(fetch, { origin: app.config.origin, ...options });
}

/** An account that can be signed in to with `PASSWORD`. */
export async function member(app: App, change: Partial<Account> = {}): Promise<Account> {
  const account: Account = {
    id: newId(),
    email: "ada@example.org",
    name: "Ada",
    zone: "Europe/Berlin",
    role: "member",
    password: await hashPassword(PASSWORD),
    verified: { at: app.clock.now(), by: "operator" },
    epoch: 0,
    createdAt: app.clock.now(),
    ...change.role === "admin" ? { factorAt: app.clock.now() } : {}, // as `addPerson`
    ...change,
  };
  await transact(app, (tx) => {
    tx.set(keys.account(account.id), account);
    tx.set(keys.accountByEmail(account.email), account.id);
  });
  return account;
}

/** What Ada types to sign in. */
export const ada = { email: "ada@example.org", password: PASSWORD };

/** Ada's account, and her browser, signed in. */
export async function signedUp(t: TestApp, change = {}) {
  const account = await member(t.app, change);
  const fetch = door(t.app);
  const client = browser(t.app, fetch);
  await client.post("/api/session", ada);
  const [value = ""] = client.cookies.values();
  return { account, client, value, another: () => browser(t.app, fetch) };
}
