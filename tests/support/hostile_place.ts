import { newId } from "../../core/ids.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { notify } from "../../domain/notifications.ts";
import { hashPassword } from "../../domain/accounts/passwords.ts";
import { createReminder } from "../../domain/reminders/reminders.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { addPerson } from "./app.ts";
import { written } from "./broadcasts.ts";
import { PASSWORD } from "./door.ts";
import { type Door, doors } from "./doors/mod.ts";
import { addressOf, bodyOf, partsOf } from "./knock.ts";
import type { LiveApp } from "./live.ts";
import { linkChat } from "./reminders.ts";
import { spoilStore } from "./spoil.ts";
import { type Thing, things, type World } from "./things.ts";
import { xssStrings } from "./xss_strings.ts";

const HOUR_MS = 3_600_000;

/** Doors behind which there is nothing for the eye. */
const NO_PAGES = ["/ws", "/static/*", "/favicon.ico"];

/** A page that asks for nothing but to be looked at. */
export interface PageDoor {
  /** "GET /notes/:id" */
  name: string;
  address: string;
  /** Whether it is for who is not signed in. */
  open: boolean;
}

/** A form, with what it takes. */
export interface FormDoor {
  action: string;
  fields: Record<string, string>;
  open: boolean;
}

export interface Place extends World {
  live: LiveApp;
  root: Account;
  pages: PageDoor[];
  forms: FormDoor[];
}

/** The doors that show something, by name. */
export function pageDoors(): string[] {
  return Object.entries(doors).filter(([name, door]) => isPage(name, door)).map(([name]) => name)
    .filter((name) => name.startsWith("GET "));
}

function isPage(name: string, door: Door): boolean {
  const { path, isApi } = partsOf(name);
  return !isApi && door.for !== "services" && !NO_PAGES.includes(path);
}

/** An admin with many of everything, and every text in the store hostile. */
export async function hostilePlace(live: LiveApp): Promise<Place> {
  const { app, server } = live;
  const person: World["person"] = (name, change) => addPerson(app, name, change);
  const world: World = { app, drain: () => server.drain(), person };
  const password = await hashPassword(PASSWORD);
  const root = await person("Root", { role: "admin", password });
  await linkChat(app, root);
  await fill(world, root);
  const { pages, forms } = await doorsOf(world, root);
  const spoilt = await spoilStore(app);
  if (spoilt < 1_000) throw new Error(`only ${spoilt} records hold text of people`);
  return { ...world, live, root, pages, forms };
}

/** One of each kind for each string, or many. */
async function fill(world: World, root: Account): Promise<void> {
  const { app } = world;
  const ownerId = root.id;
  const news = { kind: "account", title: "a", text: "b", href: "/account" } as const;
  for (const [i, text] of xssStrings.entries()) {
    const note = await createNote(app, { ownerId, title: `${i}`, text });
    await transact(app, async (tx) => void await notify(app, tx, ownerId, news));
    if (i % 3 === 0) {
      await requestMailing(app, { noteId: note.id, ownerId, to: [root.email] });
      await written(world, root, { title: `${i}`, text });
    }
    await world.person(`Member${i}`);
    if (i % 5 > 0) continue; // nobody has so many reminders
    const schedule = scheduleAtInstant("UTC", app.clock.now() + HOUR_MS);
    const channels = { page: true, telegram: false, mail: [] };
    await createReminder(app, { ownerId, title: `${i}`, text, schedule, channels });
  }
  await createNote(app, { ownerId, title: "all", text: xssStrings.join("\n\n") });
  await world.drain();
}

/** Every page and every form of the doors there are. */
async function doorsOf(world: World, root: Account): Promise<Pick<Place, "pages" | "forms">> {
  const pages: PageDoor[] = [];
  const forms: FormDoor[] = [];
  const carried = new Map<Thing, string>();
  const named = async (door: Door, by: Account) => {
    if (door.thing === undefined) return newId();
    if (door.for !== "everybody") return await things[door.thing](world, root);
    // What a link carries: each is another's, so that none takes the place of the one before.
    const id = carried.get(door.thing) ?? await things[door.thing](world, by);
    carried.set(door.thing, id);
    return id;
  };
  for (const [name, door] of Object.entries(doors)) {
    if (!isPage(name, door)) continue;
    const open = door.for === "everybody";
    const by = open ? await world.person(`Guest${pages.length}`) : root;
    const id = await named(door, by);
    const address = addressOf(name, id);
    if (name.startsWith("GET ")) pages.push({ name, address, open });
    else if (door.takes !== undefined) {
      const fields = await bodyOf(door, { t: world, by, id });
      const texts = Object.entries(fields).map(([field, value]) => [field, String(value)]);
      forms.push({ action: address, fields: Object.fromEntries(texts), open });
    }
  }
  return { pages, forms };
}
