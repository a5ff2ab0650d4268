import "../support/hash.ts";
import { assert, assertEquals, assertLess } from "@std/assert";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { createReminder } from "../../domain/reminders/reminders.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { createRoutes } from "../../routes/mod.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { written } from "../support/broadcasts.ts";
import { say } from "../support/figures.ts";
import { Fuzzer, type FuzzRequest } from "../support/fuzz.ts";
import { TestMessenger } from "../support/messenger.ts";
import { sessionValue } from "../support/site.ts";

const REQUESTS = 10_000;
const SEED = Number(Deno.env.get("FUZZ_SEED") ?? 20_261_125);
/** One request comes so long after the other that few are slowed down, ms. */
const APART_MS = 1_000;
const MOST_MS = 5_000;
const TOKEN = "7180001234:AAplanted-token-of-the-stand_in-bot0";

type Ids = Record<"notes" | "jobs" | "reminders" | "members", string>;

async function idsOf(t: TestApp, { id: ownerId }: Account): Promise<Ids> {
  const note = await createNote(t.app, { ownerId, title: "N", text: "words" });
  const to = ["a@example.org"];
  const job = await requestMailing(t.app, { noteId: note.id, ownerId, to });
  const reminder = await createReminder(t.app, {
    ownerId,
    title: "Tea",
    schedule: scheduleAtInstant("UTC", t.clock.now() + 3_600_000),
    channels: { page: true, telegram: false, mail: [] },
  });
  return { members: ownerId, notes: note.id, jobs: job, reminders: reminder.id };
}

function asRequest({ method, path, headers, body }: FuzzRequest, origin: string, cookie: string) {
  try {
    const all = new Headers();
    if (cookie !== "") all.append("cookie", cookie);
    for (const [name, value] of headers) all.append(name, value);
    return new Request(origin + path, { method, headers: all, body });
  } catch {
    return null;
  }
}

/** What every minute does; time goes on for what waits within a job. */
async function minute(t: TestApp): Promise<void> {
  await t.server.lookAhead();
  let over = false;
  const drained = t.drain().finally(() => over = true);
  while (!over) {
    await new Promise((resolve) => setTimeout(resolve));
    if (!over) t.clock.advance(100);
  }
  await drained;
  await t.server.lookAhead();
}

Deno.test("ten thousand requests made by a grammar: none breaks, none hangs, and all are answered in form", async () => {
  say(`fuzz: seed ${SEED}`);
  const env = { TELEGRAM_BOT_TOKEN: TOKEN };
  await using t = await testApp({ env, messenger: new TestMessenger() });
  const people = [await t.person("Root", { role: "admin" }), await t.person("Ada")];
  const all = await Promise.all(people.map((one) => idsOf(t, one)));
  await t.drain();
  const inbox = await listNotifications(t.app, { accountId: people[0]!.id });
  const of = (what: keyof Ids) => all.map((one) => one[what]);
  const ids = {
    notes: of("notes"),
    jobs: of("jobs"),
    mailings: of("jobs"),
    outbox: of("jobs").map((id) => `${id}-0`),
    reminders: of("reminders"),
    members: of("members"),
    broadcasts: [(await written(t, people[0]!)).id],
    inbox: inbox.items.map(({ id }) => id),
  };
  const { routes } = createRoutes(
    { app: t.app, assets: { css: "", js: null, parts: [] }, startedAt: 0 },
    { open: new Set(), update: () => Promise.resolve() },
  );
  const doors = routes.filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`)
    .filter((door) => door !== "GET /ws"); // an upgrade needs a real connection
  const { origin } = t.app.config;
  const fuzzer = new Fuzzer({ seed: SEED, origin, doors: [...new Set(doors)], ids });
  const cookies = new Map<string, string>();
  /** Signs somebody in; whom a request has suspended or closed is open again first. */
  const cookieOf = async (account: Account | undefined) => {
    if (account === undefined) return "";
    const held = cookies.get(account.id);
    if (held !== undefined) return held;
    const { epoch } = (await read(t.app, keys.account(account.id))) ?? account;
    await transact(t.app, (tx) => {
      tx.set(keys.account(account.id), { ...account, epoch });
      tx.set(keys.accountByEmail(account.email), account.id);
    });
    const cookie = `cw_session_dev=${await sessionValue(t, { ...account, epoch })}`;
    cookies.set(account.id, cookie);
    return cookie;
  };

  const statuses = new Map<number, number>();
  let [slowest, unsent] = [0, 0];
  for (let i = 0; i < REQUESTS; i++) {
    t.clock.advance(APART_MS);
    const who = [people[0], people[1], people[0], people[1], undefined][i % 5];
    const fuzzed = fuzzer.next();
    // What is overdue would be told, with a 503.
    if (i % 50 === 0 || fuzzed.path.startsWith("/readyz")) await minute(t);
    const cookie = await cookieOf(who);
    const request = asRequest(fuzzed, origin, cookie);
    if (request === null) {
      unsent++; // no client can send it; the test over a real port does
      continue;
    }
    const begun = performance.now();
    const response = await t.server.fetch(request, {
      remoteAddr: { transport: "tcp", hostname: `198.51.100.${i % 250}`, port: 40_000 },
      completed: Promise.resolve(),
    });
    const text = await response.text();
    const took = performance.now() - begun;
    slowest = Math.max(slowest, took);
    const { status } = response;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const said = () =>
      `request ${i} of seed ${SEED}: ${fuzzed.method} ${fuzzed.path.slice(0, 300)} ` +
      `${String(fuzzed.body).slice(0, 500)}: ${status} in ${Math.round(took)} ms\n${
        text.slice(0, 300)
      }\n` +
      t.lines.slice(-3).join("\n");
    assert(status < 500, said());
    assertLess(took, MOST_MS, said());
    if (who && /cw_session_dev=;/.test(response.headers.get("set-cookie") ?? "")) {
      cookies.delete(who.id);
    }
    if (status === 401 || response.headers.get("location")?.startsWith("/sign-in")) {
      if (who) cookies.delete(who.id);
    }
    // Where it came to: "/api/%2e%2e/jobs" is a page.
    const isApi = new URL(request.url).pathname.startsWith("/api/");
    if (status >= 400 && isApi && text !== "") {
      const { error } = JSON.parse(text);
      assert(typeof error.code === "string" && error.message.startsWith("Cannot "), said());
    }
    assert(response.headers.has("x-content-type-options"), said());
    fuzzer.learn(fuzzed, text);
    t.lines.length = Math.min(t.lines.length, 0);
  }
  const counts = [...statuses].sort().map(([status, count]) => `${status}: ${count}`).join(", ");
  say(`fuzz: ${counts}; slowest ${Math.round(slowest)} ms`);
  assertLess(unsent, REQUESTS / 50);
  assertEquals([...statuses.keys()].filter((status) => status >= 500), []);
  assert((statuses.get(200) ?? 0) > REQUESTS / 20, "many get in");
});
