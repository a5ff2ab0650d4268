import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { newId } from "../../core/ids.ts";
import { requestMailing } from "../../domain/mailings.ts";
import { createNote } from "../../domain/notes.ts";
import { notify } from "../../domain/notifications.ts";
import { hashPassword } from "../../domain/passwords.ts";
import { createReminder } from "../../domain/reminders.ts";
import { scheduleAtInstant } from "../../domain/repeat.ts";
import { startSession } from "../../domain/sessions.ts";
import { transact } from "../../kv/transact.ts";
import type { Account } from "../../kv/schema.ts";
import { addPerson } from "../support/app.ts";
import { written } from "../support/broadcasts.ts";
import { launch } from "../support/browser.ts";
import { PASSWORD } from "../support/door.ts";
import { doors } from "../support/doors/mod.ts";
import { addressOf, bodyOf, partsOf } from "../support/knock.ts";
import { type LiveApp, liveApp } from "../support/live.ts";
import { TestMessenger } from "../support/messenger.ts";
import { linkChat } from "../support/reminders.ts";
import { ALL_STRINGS, spoilStore } from "../support/spoil.ts";
import { things, type World } from "../support/things.ts";
import { type Hits, marksIn, watchHits } from "../support/watch_hits.ts";
import { xssStrings } from "../support/xss_strings.ts";

const HOUR_MS = 3_600_000;
/** Pages of one kind that are looked at; lists are longer than one page. */
const OF_A_KIND = 12;

/** Fields of forms in which anything may be written. */
const WORDS = new Set(["title", "text", "words", "name", "to", "people"]);

interface Place extends World {
  live: LiveApp;
  root: Account;
  /** Addresses of every page that asks for nothing but to be looked at. */
  pages: string[];
  /** Every form that takes something, with what it takes. */
  forms: { action: string; fields: Record<string, string>; isOwn: boolean }[];
}

/** An admin with many of everything, and every text in the store hostile. */
async function place(live: LiveApp): Promise<Place> {
  const { app, server } = live;
  const person: World["person"] = (name, change) => addPerson(app, name, change);
  const world: World = { app, drain: () => server.drain(), person };
  const password = await hashPassword(PASSWORD);
  const root = await person("Root", { role: "admin", password });
  const ownerId = root.id;
  await linkChat(app, root);
  for (const [i, text] of xssStrings.entries()) {
    const note = await createNote(app, { ownerId, title: `${i}`, text });
    await transact(app, async (tx) => {
      await notify(app, tx, ownerId, { kind: "account", title: "a", text: "b", href: "/account" });
    });
    if (i % 3 === 0) {
      await requestMailing(app, { noteId: note.id, ownerId, to: [root.email] });
      await written(world, root, { title: `${i}`, text });
    }
    await person(`Member${i}`);
    if (i % 5 > 0) continue; // nobody has so many reminders
    const schedule = scheduleAtInstant("UTC", app.clock.now() + HOUR_MS);
    const channels = { page: true, telegram: false, mail: [] };
    await createReminder(app, { ownerId, title: `${i}`, text, schedule, channels });
  }
  await createNote(app, { ownerId, title: "all", text: xssStrings.join("\n\n") });
  await server.drain();

  const pages: string[] = [];
  const forms: Place["forms"] = [];
  for (const [name, door] of Object.entries(doors)) {
    const { method, path, isApi } = partsOf(name);
    if (isApi || door.for === "services" || ["/ws", "/static/*", "/favicon.ico"].includes(path)) {
      continue;
    }
    const id = door.thing ? await things[door.thing](world, root) : newId();
    if (method === "GET") pages.push(addressOf(name, id));
    else if (door.takes !== undefined) {
      const fields = await bodyOf(door, { t: world, by: root, id });
      const texts = Object.entries(fields).map(([field, value]) => [field, String(value)]);
      const isOwn = door.for !== "everybody";
      forms.push({ action: addressOf(name, id), fields: Object.fromEntries(texts), isOwn });
    }
  }
  assert(await spoilStore(app) > 1_000);
  return { ...world, live, root, pages, forms };
}

async function signIn(page: Page, { live, root }: Place): Promise<void> {
  const agent = ALL_STRINGS;
  const { value } = await startSession(live.app, { accountId: root.id, epoch: root.epoch, agent });
  await page.context().addCookies([{ name: "cw_session_dev", value, url: live.origin }]);
}

/** What has been seen of a walk. */
interface Walk extends Hits {
  marks: string[];
  visited: number;
}

/** Looks at every page, at what each leads to, and at what each form says to hostile words. */
async function walk(at: Place, { thorough }: { thorough: boolean }): Promise<Walk> {
  const { live, pages, forms } = at;
  const browser = await launch();
  try {
    const context = await browser.newContext({ locale: "en-GB" });
    const hits = await watchHits(context, live.origin);
    const page = await context.newPage();
    await signIn(page, at);
    const marks: string[] = [];
    let visited = 0;
    const look = async (address: string) => {
      visited++;
      for (const mark of await marksIn(page)) marks.push(`${address}: ${mark}`);
    };
    const open = async (address: string) => {
      const response = await page.goto(live.origin + address);
      const status = response?.status() ?? 0;
      if (status === 401 || status === 429 || status >= 500) {
        throw new Error(`${address} answered ${status}`);
      }
      await look(address);
    };

    const kinds = new Map<string, number>();
    const todo = [...pages];
    for (let address = todo.shift(); address !== undefined; address = todo.shift()) {
      const { pathname, searchParams } = new URL(address, live.origin);
      const kind = pathname.replace(/[0-9a-hjkmnp-tv-z]{26}[^/]*/g, ":id") +
        [...searchParams.keys()];
      const times = kinds.get(kind) ?? 0;
      if (times >= (thorough && searchParams.has("cursor") ? OF_A_KIND : 1)) continue;
      kinds.set(kind, times + 1);
      await open(address);
      const found = await page.$$eval(
        "a[href^='/']",
        (links) => links.map((link) => link.getAttribute("href") ?? ""),
      );
      todo.push(...found.filter((href) => !/^\/static|^\/account\/export/.test(href)));
    }
    if (thorough) {
      const names = ["q", "tag", "cursor", "next", "words", "text", "show", "job", "state", "kind"];
      for (const address of pages) {
        const short = ALL_STRINGS.slice((visited * 97) % 9_000).slice(0, 150);
        const query = new URLSearchParams(names.map((name) => [name, short]));
        await open(`${address.split("?")[0]}?${query}`);
      }
    }
    for (const { action, fields, isOwn } of forms) {
      for (const text of [ALL_STRINGS, `"><img src=x onerror=hit()>`]) {
        const isAll = text === ALL_STRINGS; // else it is good but for the words
        const sent = Object.entries(fields).map(([name, value]) => [
          name,
          isAll || WORDS.has(name) ? text : value,
        ]);
        if (!isAll && !(isOwn && sent.some(([, value]) => value === text))) continue;
        await page.goto(`${live.origin}/prove`);
        await Promise.all([
          page.waitForNavigation(),
          page.evaluate(({ action, sent }) => {
            const form = document.createElement("form");
            Object.assign(form, { action, method: "post" });
            for (const [name = "", value = ""] of sent) {
              const field = document.createElement("textarea");
              Object.assign(field, { name, value });
              form.append(field);
            }
            document.body.append(form);
            HTMLFormElement.prototype.submit.call(form);
          }, { action, sent }),
        ]);
        await look(`POST ${action}`);
      }
    }
    await toast(at, page);
    await look("what comes live");
    await page.waitForLoadState("networkidle"); // so that it leaves when nothing is under way
    await context.close();
    return { ...hits, marks, visited };
  } finally {
    await browser.close();
  }
}

/** Has an open page told of something. */
async function toast({ live, root }: Place, page: Page): Promise<void> {
  const socket = page.waitForEvent("websocket");
  await page.goto(live.origin);
  await (await socket).waitForEvent("framereceived");
  const [title, text] = [ALL_STRINGS.slice(0, 5_000), ALL_STRINGS.slice(5_000)];
  const said = { kind: "account", title, text, href: "/account" } as const;
  await transact(live.app, (tx) => notify(live.app, tx, root.id, said));
  await page.locator(".toast").first().waitFor();
}

/** As if there were no second wall. */
function withoutPolicy(response: Response): Response {
  const bare = new Response(response.body, response);
  for (const name of ["content-security-policy", "x-content-type-options"]) {
    bare.headers.delete(name);
  }
  return bare;
}

const ENV = {
  TELEGRAM_BOT_TOKEN: "7180001234:AAplanted-token-of-the-stand_in-bot0",
  MAIL_PER_SECOND: "10000",
};

Deno.test("hostile text in every field runs on no page, also where no policy would stop it", async () => {
  await using live = await liveApp({
    env: ENV,
    messenger: new TestMessenger(),
    change: withoutPolicy,
  });
  const { ran, marks, visited } = await walk(await place(live), { thorough: true });
  assertEquals([ran, marks], [[], []]);
  assert(visited > 120, String(visited));
});

Deno.test("with the policy on, no page does what it forbids", async () => {
  await using live = await liveApp({ env: ENV, messenger: new TestMessenger() });
  const { ran, marks, violations } = await walk(await place(live), { thorough: false });
  assertEquals([ran, marks, violations], [[], [], []]);
});
