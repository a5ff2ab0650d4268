import { assert, assertEquals } from "@std/assert";
import type { App } from "../../core/app.ts";
import { AppError, type ErrorCode } from "../../core/errors.ts";
import {
  confirmInChat,
  confirmOnPage,
  declineLink,
  heardFrom,
  linkOf,
  showCode,
  startLink,
  unlink,
} from "../../domain/chats/chat_links.ts";
import { turnOff } from "../../domain/chats/chats.ts";
import { endSession, signOutEverywhere } from "../../domain/accounts/session_end.ts";
import { renewSession, startSession } from "../../domain/accounts/sessions.ts";
import { keys } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Account, Chat } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, minutes } from "../support/clock.ts";
import { TEXTS } from "../support/fuzz_words.ts";
import { seeded } from "../support/random.ts";

const EXPECTED: readonly ErrorCode[] = ["not_found", "conflict", "rate_limited", "unauthorized"];
const PEOPLE = 3;
const CHATS = [11, 22, 33];
const ROUNDS = 150;
const AT_ONCE = 8;

interface Person {
  account: Account;
  sessionId: string;
  value: string;
}

/** Whatever a page or a chat may ask about links, picked by chance; mostly what fits together. */
function picker(next: () => number, people: Person[]) {
  const codes: { code: string; who: Person }[] = [];
  const links: { linkId: string; chatId: number; who: Person }[] = [];
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  const fits = () => next() < 0.9;
  const somebody = () => pick(people);
  const chatId = () => pick(CHATS);
  /** A link that was shown lately, or something that is none. */
  const link = () => {
    const lately = links.at(-1 - Math.floor(next() * 3));
    return fits() && lately ? lately : { linkId: pick(TEXTS), chatId: chatId(), who: somebody() };
  };
  const at = ({ account: { id: accountId }, sessionId }: Person) => ({ accountId, sessionId });
  const start = async ({ app }: TestApp) => {
    const who = somebody();
    codes.push({ code: (await startLink(app, at(who))).code, who });
  };
  const show = async ({ app }: TestApp) => {
    const lately = codes.at(-1 - Math.floor(next() * 2));
    const { code, who } = fits() && lately ? lately : { code: pick(TEXTS), who: somebody() };
    const chat = { chatId: chatId(), name: pick(TEXTS), username: pick(TEXTS) };
    links.push({ linkId: (await showCode(app, { code, chat })).linkId, chatId: chat.chatId, who });
  };
  const yesInChat = ({ app }: TestApp) => {
    const { linkId, chatId: own } = link();
    return confirmInChat(app, { linkId, chatId: fits() ? own : chatId() });
  };
  const yesOnPage = ({ app }: TestApp) => {
    const { linkId, who } = link();
    return confirmOnPage(app, { linkId, ...at(fits() ? who : somebody()) });
  };
  const others = [
    ({ app }: TestApp) => linkOf(app, at(somebody())),
    ({ app }: TestApp) => declineLink(app, at(somebody())),
    ({ app }: TestApp) => declineLink(app, { ...link(), chatId: chatId() }),
    ({ app }: TestApp) => unlink(app, at(somebody())),
    ({ app }: TestApp) => unlink(app, { chatId: chatId() }),
    ({ app }: TestApp) => heardFrom(app, chatId()),
    ({ app }: TestApp) =>
      transact(app, (tx) => turnOff(app, tx, { chatId: chatId(), reason: pick(TEXTS) })),
    async ({ app }: TestApp) => {
      const who = somebody();
      who.value = await renewSession(app, who.value) ?? who.value;
    },
    async ({ app }: TestApp) => {
      const who = somebody();
      const { accountId, sessionId: id } = at(who);
      if (fits()) await endSession(app, { accountId, id });
      else await signOutEverywhere(app, accountId);
      Object.assign(who, await signedIn(app, accountId));
    },
  ];
  return () => {
    const n = next();
    return n < 0.2
      ? start
      : n < 0.45
      ? show
      : n < 0.65
      ? yesInChat
      : n < 0.85
      ? yesOnPage
      : pick(others);
  };
}

async function signedIn(app: App, id: string): Promise<Person> {
  const account = (await read(app, keys.account(id)))!;
  const { epoch } = account;
  const { session, value } = await startSession(app, { accountId: id, epoch, agent: "Test/1.0" });
  return { account, sessionId: session.id, value };
}

Deno.test("whatever pages and chats ask about links at once, nothing breaks and each chat has one owner", async () => {
  const kv = await Deno.openKv(":memory:");
  for (let seed = 1; seed <= 5; seed++) {
    await using a = await testApp({ kv });
    await using b = await testApp({ kv, clock: a.clock });
    const next = seeded(seed);
    const people: Person[] = [];
    for (let i = 0; i < PEOPLE; i++) {
      people.push(await signedIn(a.app, (await a.person(`P${seed}x${i}`)).id));
    }
    const act = picker(next, people);
    let linked = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const done = await Promise.allSettled(
        Array.from({ length: AT_ONCE }, () => act()(next() < 0.5 ? a : b)),
      );
      for (const one of done) {
        if (one.status === "fulfilled") continue;
        const { reason } = one;
        const expected = reason instanceof AppError && EXPECTED.includes(reason.code);
        assert(expected, `seed ${seed}, round ${round}: ${reason.stack}`);
        assert(!reason.message.includes("races in a row"), reason.message);
      }
      linked += await assertOneOwner(a);
      a.clock.advance(next() < 0.02 ? days(1) : next() < 0.3 ? minutes(1) : 0);
    }
    assert(linked > 0, "some were linked");
  }
  kv.close();
});

/** Each chat and its account name each other. @returns how many are linked. */
async function assertOneOwner({ app }: TestApp): Promise<number> {
  const chats = await list<Chat>(app, { prefix: ["chat"] });
  const of = await Array.fromAsync(app.store.list<number>({ prefix: ["chat_of"] }));
  assertEquals(
    of.map(({ key, value }) => `${value} ${String(key[1])}`).toSorted(),
    chats.map(({ chatId, accountId }) => `${chatId} ${accountId}`).toSorted(),
  );
  return chats.length;
}
