import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { type Asker, asker, askerNames, become } from "../support/askers.ts";
import { browser, door as doorOf } from "../support/door.ts";
import { type Door, doors } from "../support/doors/mod.ts";
import { knock, partsOf } from "../support/knock.ts";
import { TestMessenger } from "../support/messenger.ts";
import { everything, seen } from "../support/seen.ts";
import { things } from "../support/things.ts";

type Named = [name: string, door: Door];

/** An id that is none. */
const MALFORMED = ["no id at all", "0", "__proto__", "x".repeat(300), `${newId()}-`];

/** The one who asks, and somebody whose things they have no right to. */
async function meeting(name: string) {
  const env = { TELEGRAM_BOT_TOKEN: "7180001234:AAplanted-token-of-the-stand_in-bot0" };
  const t = await testApp({ env, messenger: new TestMessenger() });
  const me = await asker(t, name);
  const stranger = await asker(t, name === "owner" ? "another member" : "owner");
  return { t, me, stranger };
}

/** Whether an answer sends one away to sign in, and not because that comes next: then it is said. */
const asksWho = ({ status, headers }: Response) =>
  status === 401 || (status === 303 && /^\/sign-in($|\?)/.test(headers.get("location")!) &&
    !headers.getSetCookie().some((cookie) => cookie.startsWith("cw_flash=")));

/** Where who is shut out is told no more than somebody with a wrong password. */
const signIns = ["POST /api/session", "POST /sign-in", "POST /api/session/passkey"];

/** Where nobody gets in who has not shown the first factor before. */
const SECOND = "POST /api/session/factor";

/** What each asker gets at a door for a thing that is theirs, or at one that names nothing. */
function checkOwn({ isIn, isShut, account }: Asker, [name, door]: Named, response: Response): void {
  const said = `${name} ${response.status} ${response.headers.get("location")}`;
  assert(response.status < 500, said);
  // One is not set up, and the other has no proof.
  if (door.for === "services") return assert([401, 404].includes(response.status), said);
  if (door.for === "everybody") {
    if (name === SECOND) return assertEquals(response.status, 401, said);
    return assert(!asksWho(response) || (isShut && signIns.includes(name)), said);
  }
  const { isApi } = partsOf(name);
  if (door.for === "admins" && account.role !== "admin") {
    return assertEquals(response.status, !isIn && isApi ? 401 : 404, said);
  }
  if (!isIn) return assert(asksWho(response), said);
  const isThere = door.proven === undefined || account.verified !== null;
  assert(!asksWho(response) && (response.status !== 404) === isThere, said);
}

/** Whether what is sent says which thing is meant; else there is one of it. */
const names = (name: string, { takes }: Door) => name.includes(":") || typeof takes === "function";

/** A name of the same shape that nothing has. */
function unlike(id: string): string {
  if (/^[0-9a-z]{26}(-|$)/.test(id)) return id.replace(/^[0-9a-z]{26}/, newId());
  return (id[0] === "A" ? "B" : "A") + id.slice(1);
}

async function nothingOf(t: TestApp, act: () => Promise<void>, about: string): Promise<void> {
  const before = await everything(t.kv);
  await act();
  assertEquals(await everything(t.kv), before, about);
}

for (const name of askerNames) {
  Deno.test(`${name}: each door opens as it should for what is one's own`, async () => {
    for (const named of Object.entries(doors)) {
      const { t, me } = await meeting(name); // whatever the door before it has done
      await using _ = t;
      const { thing } = named[1];
      const id = thing ? await things[thing](t, me.account) : newId();
      await become(t, me);
      const response = await knock(me.client, named, { t, by: me.account, id });
      checkOwn(me, named, response);
      await response.body?.cancel();
    }
  });

  Deno.test(`${name}: another's thing is what an unknown one is, and nothing comes of it`, async () => {
    const { t, me, stranger } = await meeting(name);
    await using _ = t;
    const named = Object.entries(doors).filter(([name, door]) =>
      door.thing && door.for !== "everybody" && !door.shared && names(name, door)
    );
    const foreign = new Map<string, string>();
    for (const [door, { thing }] of named) {
      foreign.set(door, await things[thing!](t, stranger.account));
    }
    await become(t, me);
    for (const one of named) {
      const [door, { for: whom }] = one;
      t.clock.advance(15_000); // so that nobody is slowed down
      if (whom === "admins" && me.account.role === "admin") continue; // anybody's is theirs
      const theirs = foreign.get(door)!;
      const unknown = unlike(theirs);
      await nothingOf(t, async () => {
        const answer = async (id: string) =>
          await seen(await knock(me.client, one, { t, by: me.account, id }), id);
        const [first, second] = [await answer(theirs), await answer(unknown)];
        assertEquals(first, second, door);
        if (me.isIn) assert(first.startsWith("404\n"), `${door} ${first}`);
        for (const id of MALFORMED) {
          const response = await knock(me.client, one, { t, by: me.account, id });
          const expected = me.isIn
            ? response.status === 404
            : asksWho(response) || response.status === 404;
          assert(expected, `${door} ${id} ${response.status}`);
          await response.body?.cancel();
        }
      }, door);
    }
  });

  Deno.test(`${name}: what a link carries, or everybody may read, is not there under another name`, async () => {
    const { t, me, stranger } = await meeting(name);
    await using _ = t;
    const named = Object.entries(doors).filter(([, door]) =>
      door.thing && (door.for === "everybody" || door.shared)
    );
    assert(named.length > 20, String(named.length));
    const right = new Map<string, string>();
    for (const [door, { thing }] of named) {
      right.set(door, await things[thing!](t, stranger.account));
    }
    await become(t, me);
    for (const one of named) {
      const [door, { shared }] = one;
      t.clock.advance(15_000);
      await nothingOf(t, async () => {
        for (const id of [unlike(right.get(door)!), ...MALFORMED]) {
          const response = await knock(me.client, one, { t, by: me.account, id });
          await response.body?.cancel();
          const isShut = shared && !me.isIn && asksWho(response);
          // A form that was filled in says so beside what was typed.
          const isGone = response.status === 404 ||
            door === "POST /setup/:token" && response.status === 400;
          assert(isGone || isShut, `${door} ${id} ${response.status}`);
        }
      }, door);
    }
  });
}

Deno.test("a door that forgets to ask whose it is is found out by the same comparison", async () => {
  await using t = await testApp();
  const [ada, bob] = [await asker(t, "owner"), await asker(t, "another member")];
  const id = await things.note(t, ada.account);
  const client = browser(
    t.app,
    doorOf(t.app, {
      add: (http) => {
        http.get("/leaks/:id", async (c) => {
          const note = await read(t.app, keys.note(c.req.param("id")));
          return note ? c.json({ title: note.title }) : c.json({}, 404);
        });
        http.get("/hints/:id", async (c) => {
          const note = await read(t.app, keys.note(c.req.param("id")));
          if (note) c.header("x-note", "1"); // one header more is enough to tell
          return c.json({}, 404);
        });
      },
    }),
  );
  for (const name of ["GET /leaks/:id", "GET /hints/:id"]) {
    const answer = async (id: string) => {
      const at = { t, by: bob.account, id };
      return await seen(await knock(client, [name, { for: "members" }], at), id);
    };
    assertNotEquals(await answer(id), await answer(newId()), name);
  }
});
