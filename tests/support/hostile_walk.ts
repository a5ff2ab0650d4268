import type { Browser, BrowserContext, Page } from "playwright-core";
import { notify } from "../../domain/notifications.ts";
import { startSession } from "../../domain/accounts/sessions.ts";
import { sha256 } from "../../domain/accounts/digest.ts";
import { keys } from "../../kv/keys.ts";
import { transact } from "../../kv/transact.ts";
import type { FormDoor, Place } from "./hostile_place.ts";
import { ALL_STRINGS } from "./spoil.ts";
import { type Hits, marksIn, watchHits } from "./watch_hits.ts";

/** How many further pages of one list are looked at: on so many is a record for each string. */
const OF_A_LIST = 6;
/** Names that some page asks for behind `?`. */
const ASKED = ["q", "tag", "cursor", "next", "words", "text", "show", "job", "state", "kind"];
/** Fields of forms in which anything may be written. */
const WORDS = new Set(["title", "text", "words", "name", "to", "people", "address"]);

/** What was seen of pages, and how each was answered. */
export interface Walk extends Hits {
  /** What stands in a page and would run if it were touched. */
  marks: string[];
  /** Where each page that was asked for by its own address led: its status, or where else. */
  answers: Map<string, string>;
  visited: number;
}

/**
 * Looks at every page, at what each leads to, and at what each form says to hostile words; in brief,
 * as an admin and at nothing but the pages.
 */
export async function walk(
  browser: Browser,
  place: Place,
  { thorough, brief = false }: { thorough: boolean; brief?: boolean },
): Promise<Walk> {
  const seen: Walk = { ran: [], violations: [], marks: [], answers: new Map(), visited: 0 };
  const all = ["stranger", "unproven", "root", "listener"] as const;
  for (const who of brief ? ["root"] as const : all) {
    const context = await browser.newContext({ locale: "en-GB" });
    const hits = await watchHits(context, place.live.origin);
    if (who !== "stranger") await signIn(context, place, who !== "unproven");
    const walker = new Walker(await context.newPage(), place, seen);
    if (who === "listener") await walker.beTold();
    else {
      await context.addInitScript(noSockets);
      await walker.walk(who, { thorough, brief });
    }
    await walker.page.waitForLoadState("networkidle"); // so that it leaves when nothing is under way
    await context.close();
    seen.ran.push(...hits.ran);
    seen.violations.push(...hits.violations);
  }
  return seen;
}

/** Nobody stays long enough to be told of anything, and one who leaves at once ends no handshake. */
function noSockets(): void {
  Object.assign(globalThis, { WebSocket: class extends EventTarget {} });
}

async function signIn(context: BrowserContext, place: Place, proven: boolean): Promise<void> {
  const { app, origin } = place.live;
  const { id: accountId, epoch } = place.root;
  const { value, session } = await startSession(app, { accountId, epoch, agent: ALL_STRINGS });
  if (!proven) {
    const key = keys.session(await sha256(value));
    await transact(app, (tx) => tx.set(key, { ...session, provedAt: 0 }));
  }
  await context.addCookies([{ name: "cw_session_dev", value, url: origin }]);
}

class Walker {
  /** Pages that the ones before lead to. */
  readonly #found: string[] = [];

  constructor(readonly page: Page, readonly place: Place, readonly seen: Walk) {}

  /** All that is for somebody. */
  async walk(
    who: "stranger" | "unproven" | "root",
    { thorough, brief }: { thorough: boolean; brief: boolean },
  ): Promise<void> {
    const { pages, forms } = this.place;
    const theirs = pages.filter(({ name, open }) =>
      who === "stranger"
        ? open
        : (who === "unproven") === (name === "GET /prove") && (!open || name === "GET /")
    );
    for (const { name, address } of theirs) this.seen.answers.set(name, await this.open(address));
    if (brief) return;
    if (who === "root") await this.follow(thorough ? OF_A_LIST : 1);
    if (thorough) { for (const { address } of theirs) await this.ask(address); }
    if (who === "unproven") return;
    for (const form of forms) if (form.open === (who === "stranger")) await this.fill(form);
  }

  /** @returns the status, or where it led instead. */
  async open(address: string): Promise<string> {
    const response = await this.page.goto(this.place.live.origin + address).catch((error) => {
      if (String(error).includes("Download is starting")) return null;
      throw error;
    });
    if (response === null) return "a file";
    const status = response.status();
    if (status === 401 || status === 429 || status >= 500) {
      throw new Error(`${address} answered ${status}`);
    }
    await this.look(address);
    const links = await this.page.$$eval(
      "a[href^='/']",
      (all) => all.map((link) => link.getAttribute("href") ?? ""),
    );
    this.#found.push(...links.filter((href) => !/^\/static|\.(zip|csv|json)$/.test(href)));
    const { pathname } = new URL(response.url());
    return pathname === address.split("?")[0] ? String(status) : pathname;
  }

  async look(address: string): Promise<void> {
    this.seen.visited++;
    for (const mark of await marksIn(this.page)) this.seen.marks.push(`${address}: ${mark}`);
  }

  /** Opens what the pages lead to: one of each kind, of lists so many. */
  async follow(ofList: number): Promise<void> {
    const kinds = new Map<string, number>();
    for (let href = this.#found.shift(); href !== undefined; href = this.#found.shift()) {
      const { pathname, searchParams } = new URL(href, this.place.live.origin);
      const path = pathname.replace(/[0-9a-hjkmnp-tv-z]{26}[^/]*/g, ":id");
      const kind = [path, ...searchParams.keys()].join(" ");
      const times = kinds.get(kind) ?? 0;
      if (times >= (searchParams.has("cursor") ? ofList : 1)) continue;
      kinds.set(kind, times + 1);
      await this.open(href);
    }
  }

  /** Puts hostile words behind the `?` of a page. */
  async ask(address: string): Promise<void> {
    const words = ALL_STRINGS.slice((this.seen.visited * 97) % 9_000).slice(0, 150);
    const query = new URLSearchParams(ASKED.map((name) => [name, words]));
    await this.open(`${address.split("?")[0]}?${query}`);
  }

  /** Sends a form with hostile words in every field, and one that is good but for the words. */
  async fill({ action, fields, open }: FormDoor): Promise<void> {
    const all = Object.keys(fields).map((name): [string, string] => [name, ALL_STRINGS]);
    await this.send(action, all);
    const short = `"><img src=x onerror=hit()>`;
    const good = Object.entries(fields).map(([name, value]): [string, string] => [
      name,
      WORDS.has(name) ? short : value,
    ]);
    if (!open && good.some(([, value]) => value === short)) await this.send(action, good);
  }

  async send(action: string, fields: [name: string, value: string][]): Promise<void> {
    const { origin } = this.place.live;
    await this.page.goto(`${origin}/reset`);
    await Promise.all([
      this.page.waitForNavigation(),
      this.page.evaluate(({ action, fields }) => {
        const form = document.createElement("form");
        Object.assign(form, { action, method: "post" });
        for (const [name, value] of fields) {
          const field = document.createElement("textarea");
          Object.assign(field, { name, value });
          form.append(field);
        }
        document.body.append(form);
        HTMLFormElement.prototype.submit.call(form);
      }, { action, fields }),
    ]);
    await this.look(`POST ${action}`);
  }

  /** Has an open page told of something. */
  async beTold(): Promise<void> {
    const { live: { app, origin }, root } = this.place;
    const socket = this.page.waitForEvent("websocket");
    await this.page.goto(origin);
    await (await socket).waitForEvent("framereceived");
    const [title, text] = [ALL_STRINGS.slice(0, 5_000), ALL_STRINGS.slice(5_000)];
    const said = { kind: "account", title, text, href: "/account" } as const;
    await transact(app, (tx) => notify(app, tx, root.id, said));
    await this.page.locator(".toast").first().waitFor();
    await this.look("what comes live");
  }
}
