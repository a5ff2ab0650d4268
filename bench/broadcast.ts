import { newId } from "../core/ids.ts";
import { createBroadcast } from "../domain/broadcasts/broadcasts.ts";
import { startSession } from "../domain/accounts/sessions.ts";
import { keys } from "../kv/keys.ts";
import type { Account } from "../kv/schema.ts";
import { transact } from "../kv/transact.ts";
import { lastSeq } from "../realtime/events.ts";
import { SOCKET_PROTOCOL } from "../realtime/connection.ts";
import { type LiveApp, liveApp } from "../tests/support/live.ts";
import { confirmBroadcast } from "../tests/support/broadcasts.ts";

const now = Date.now();
const ADMIN: Account = {
  id: newId(),
  email: "root@example.org",
  name: "Root",
  zone: "UTC",
  role: "admin",
  password: "",
  verified: { at: now, by: "operator" },
  epoch: 0,
  createdAt: now,
};

/**
 * So many members with an open page each, on a real server over loopback, and how long after an
 * admin's confirmation each page has the announcement, ms. Servers and pages share this process, so
 * the figures are an upper bound.
 */
export async function broadcastToPages(
  pages: number,
): Promise<{ p50: number; p99: number; max: number; inboxMs: number }> {
  await using live = await liveApp({ env: { TRUSTED_PROXIES: "1" } });
  const { app } = live;
  const people = Array.from({ length: pages }, (_, i): Account => ({
    ...ADMIN,
    id: newId(),
    email: `member${i}@example.org`,
    name: `Member ${i}`,
    role: "member",
  }));
  for (const account of [ADMIN, ...people]) {
    await transact(app, (tx) => {
      tx.set(keys.account(account.id), account);
      tx.set(keys.accountByEmail(account.email), account.id);
    });
  }
  const heard = people.map(() => Promise.withResolvers<number>());
  const inInbox = people.map(() => Promise.withResolvers<number>());
  const sockets: WebSocket[] = [];
  for (const [i, account] of people.entries()) {
    const socket = await openPage(live, account, i);
    socket.addEventListener("message", ({ data }) => {
      const at = performance.now();
      const frame = JSON.parse(String(data));
      if (frame.event?.type === "broadcast") heard[i]!.resolve(at);
      if (frame.event?.type === "notification") inInbox[i]!.resolve(at);
    });
    sockets.push(socket);
  }
  const { id, version } = await createBroadcast(app, {
    authorId: ADMIN.id,
    title: "Moving on Friday",
    text: "We move to the new house. Bring boxes.",
    channels: { mail: false, telegram: false },
    when: { is: "now" },
    via: "page",
  });
  const members = pages + 1;
  const start = performance.now();
  await confirmBroadcast(app, { id, adminId: ADMIN.id, version, members });
  const took = (await Promise.all(heard.map(({ promise }) => promise))).map((at) => at - start);
  const inboxes = await Promise.all(inInbox.map(({ promise }) => promise));
  for (const socket of sockets) socket.close();
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor((took.length - 1) * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1), inboxMs: Math.max(...inboxes) - start };
}

/** A page of somebody's that follows what pages follow, from an address of its own. */
async function openPage({ app, origin }: LiveApp, account: Account, i: number): Promise<WebSocket> {
  const { id: accountId, epoch } = account;
  const { value } = await startSession(app, { accountId, epoch, agent: "Bench/1.0" });
  // Deno takes headers too, which the browser's types know nothing of.
  const options = {
    protocols: [SOCKET_PROTOCOL],
    headers: {
      "cookie": `cw_session_dev=${value}`,
      "origin": origin,
      "x-forwarded-for": `10.0.${i >> 8}.${i & 255}`,
    },
  } as unknown as string[];
  const socket = new WebSocket(`${origin.replace("http", "ws")}/ws`, options);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("A page could not connect"));
  });
  for (const topic of [`account:${accountId}`, "everyone"] as const) {
    const after = await lastSeq(app, topic);
    socket.send(JSON.stringify({ type: "sub", topic, after }));
  }
  return socket;
}

if (import.meta.main) {
  // deno-lint-ignore no-console -- a report for a person at a terminal
  console.log(await broadcastToPages(Number(Deno.args[0] ?? 1_000)));
}
