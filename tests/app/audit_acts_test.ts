import { assert, assertEquals, assertMatch } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { countInDay, EVERYBODY } from "../../domain/mail/mail_days.ts";
import {
  confirmInChat,
  confirmOnPage,
  showCode,
  startLink,
  unlink,
} from "../../domain/chats/chat_links.ts";
import { decideText } from "../../domain/mail/held_texts.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { limitHit } from "../../domain/mail/quotas.ts";
import { markRestored } from "../../domain/admin/restore.ts";
import { countText, textHash } from "../../domain/mail/same_text.ts";
import { ensureAdmin } from "../../domain/accounts/set_up.ts";
import { auditStart } from "../../domain/admin/started.ts";
import { addresseeOf } from "../../domain/recipients/addressee.ts";
import { suppress } from "../../domain/recipients/suppressing.ts";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Account, AuditAct } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { auditWords } from "../../views/audit_words.ts";
import type { TestApp } from "../support/app.ts";
import { written } from "../support/broadcasts.ts";
import { hours } from "../support/clock.ts";
import { member, OTHER_PASSWORD, PASSWORD } from "../support/door.ts";
import { codeAt, phoneOf } from "../support/factor.ts";
import { type Client, jsonOf } from "../support/http.ts";
import { mailingApp, pathsTo } from "../support/letters.ts";
import type { TestMailer } from "../support/mailer.ts";
import { mailjetEvent, mailjetSays } from "../support/mailjet_events.ts";
import { visitor } from "../support/site.ts";

const [ADA, NEW, BOB] = ["ada@example.org", "lovelace@example.org", "bob@example.com"];
const WORDS = "the words of a note";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

interface Scene {
  t: TestApp;
  mailer: TestMailer;
  account: Account;
  root: Account;
  /** Browsers: hers, an admin's, a stranger's. */
  ada: Client;
  admin: Client;
  nobody: Client;
  /** Her page as admins have it. */
  hers: string;
}

async function scene() {
  const { t, mailer } = await mailingApp({ env: { RECIPIENT_DOMAINS: "example.com" } });
  const account = await member(t.app);
  const root = await member(t.app, { name: "Root", email: "root@example.org", role: "admin" });
  const [ada, admin] = [await visitor(t, account), await visitor(t, root)];
  const hers = `/api/admin/members/${account.id}`;
  return { t, mailer, account, root, ada, admin, nobody: await visitor(t), hers };
}

/** Posts, and it must be taken. */
async function post(who: Client, path: string, form: Record<string, string> = {}) {
  const api = path.startsWith("/api/");
  const response = await (api ? who.post(path, form) : who.postForm(path, form));
  await response.body?.cancel();
  assert(response.status < 400, `${path} answered ${response.status}`);
}

const signIn = (who: Client, password = PASSWORD) =>
  who.postForm("/sign-in", { email: ADA, password }, { headers: { "user-agent": FIREFOX } });

/** Opens the link of the newest letter and presses its button. */
async function follow({ t, mailer, nobody }: Scene, to: string, begin: string, form = {}) {
  await t.drain();
  await post(nobody, pathsTo(mailer, to, begin)[0]!, form);
}

async function mailed({ t, account }: Scene, to = BOB): Promise<string> {
  const note = await createNote(t.app, { ownerId: account.id, title: "T", text: WORDS });
  return await requestMailing(t.app, { noteId: note.id, ownerId: account.id, to: [to] });
}

async function reported(s: Scene) {
  await mailed(s);
  await s.t.drain();
  await post(s.nobody, new URL(s.mailer.accepted[0]!.headers["X-Clock-Work-Report"]!).pathname);
}

async function paused(s: Scene) {
  await transact(s.t.app, (tx) => countInDay(s.t.app, tx, s.account.id, { sent: 39, bounced: 1 }));
  const jobId = await mailed(s);
  await s.t.drain();
  const event = { event: "bounce", email: BOB, CustomID: `${jobId}-0` };
  assertEquals(await mailjetSays(s.t, mailjetEvent(s.t, event)), 200);
  await s.t.drain();
}

async function announced(s: Scene) {
  const { id } = await written(s.t, s.root, { channels: { mail: false, telegram: false } });
  await post(s.admin, `/admin/broadcasts/${id}/confirm`, { version: "1", members: "2" });
  return id;
}

/** Her browser takes an app with codes into use. */
async function withApp({ t, ada }: Scene) {
  const answer = await ada.post("/api/me/factors/totp/offer", {});
  const { secret, offer } = await jsonOf<{ secret: string; offer: string }>(answer);
  await post(ada, "/api/me/factors/totp", { offer, code: codeAt(secret, t.clock.now()) });
}

async function linkChat({ t, account }: Scene) {
  const [session] = (await list(t.app, ranges.sessions))
    .filter(({ accountId }) => accountId === account.id);
  const who = { accountId: account.id, sessionId: session!.id };
  const { code } = await startLink(t.app, who);
  const { linkId } = await showCode(t.app, {
    code,
    chat: { chatId: 7, name: "Ada", username: null },
  });
  await confirmOnPage(t.app, { ...who, linkId });
  await confirmInChat(t.app, { chatId: 7, linkId });
}

async function heldText(s: Scene) {
  const hash = await textHash(s.t.app, { title: "", text: WORDS });
  for (let i = 0; i < 4; i++) {
    const one = { hash, accountId: newId(), recipients: 20 };
    await transact(s.t.app, (tx) => countText(s.t.app, tx, one));
  }
  return hash;
}

async function restored({ t }: Scene) {
  await markRestored(t.app, { backup: "clock_work_1", closed: new Map(), old: null });
}

async function stopped({ t, account }: Scene) {
  const to = await addresseeOf(t.app, account.email);
  const news = { scope: "broadcasts", cause: "unsubscribe" } as const;
  await transact(t.app, (tx) => suppress(t.app, tx, to, news));
}

/** What makes each act, as it is done; whoever adds an act says here how it comes about. */
const makes: Record<AuditAct, (s: Scene) => Promise<unknown>> = {
  factor_added: async (s) => void await withApp(s),
  factor_removed: async (s) => {
    await withApp(s);
    assertEquals((await s.ada.delete("/api/me/factors/totp")).status, 204);
  },
  factor_failed: async (s) => {
    await phoneOf(s.t, s.account);
    await signIn(s.nobody);
    await s.nobody.postForm("/sign-in/factor", { code: "000000" });
  },
  recovery_code_used: async (s) => {
    const { codes } = await phoneOf(s.t, s.account);
    await signIn(s.nobody);
    await post(s.nobody, "/sign-in/factor", { code: codes[0]! });
  },
  recovery_codes_made: async (s) => {
    await withApp(s);
    await post(s.ada, "/api/me/factors/codes");
  },
  factors_reset: async (s) => {
    await phoneOf(s.t, s.account);
    await post(s.admin, `${s.hers}/factors`);
  },
  signed_in: ({ nobody }) => signIn(nobody),
  sign_in_failed: ({ nobody }) => signIn(nobody, OTHER_PASSWORD),
  new_device: async ({ nobody }) => {
    await signIn(nobody);
    nobody.from = "198.51.100.4";
    await signIn(nobody);
  },
  signed_out_everywhere: ({ ada }) => post(ada, "/account/sessions/end"),
  password_changed: ({ ada }) =>
    post(ada, "/account/password", { current: PASSWORD, password: OTHER_PASSWORD }),
  password_reset: async (s) => {
    await post(s.nobody, "/reset", { email: ADA });
    await follow(s, ADA, "/reset/", { password: OTHER_PASSWORD });
  },
  reset_asked: async ({ t, nobody }) => {
    await post(nobody, "/reset", { email: ADA });
    await t.drain();
  },
  email_change_asked: ({ ada }) => post(ada, "/account/email", { email: NEW }),
  email_changed: async (s) => {
    await post(s.ada, "/account/email", { email: NEW });
    await follow(s, NEW, "/email/confirm/");
  },
  email_change_undone: async (s) => {
    await post(s.ada, "/account/email", { email: NEW });
    await follow(s, ADA, "/email/undo/");
  },
  sudo: ({ ada }) => post(ada, "/prove", { password: PASSWORD, next: "/account" }),
  account_made: async (s) => {
    const form = { email: NEW, password: OTHER_PASSWORD, name: "New", zone: "UTC" };
    await post(s.nobody, "/sign-up", form);
    await follow(s, NEW, "/activate/", { password: OTHER_PASSWORD });
  },
  account_closed: ({ ada }) => post(ada, "/account/close", { confirm: ADA, when: "now" }),
  closing_planned: ({ ada }) => post(ada, "/account/close", { confirm: ADA, when: "later" }),
  account_kept: async ({ ada }) => {
    await post(ada, "/account/close", { confirm: ADA, when: "later" });
    await post(ada, "/account/keep");
  },
  account_exported: ({ ada }) => post(ada, "/account/data/export"),
  account_imported: async ({ t, ada }) => {
    await post(ada, "/account/data/export");
    await t.drain();
    const zip = await (await ada.get("/account/data/export.zip")).blob();
    const form = new FormData();
    form.set("file", zip, "data.zip");
    await (await ada.send("/account/data/import", { method: "POST", raw: form })).body?.cancel();
  },
  chat_linked: linkChat,
  chat_unlinked: async (s) => {
    await linkChat(s);
    await unlink(s.t.app, { chatId: 7 });
  },
  member_suspended: ({ admin, hers }) => post(admin, `${hers}/suspend`),
  member_restored: async ({ admin, hers }) => {
    await post(admin, `${hers}/suspend`);
    await post(admin, `${hers}/restore`);
  },
  role_changed: ({ admin, hers }) => post(admin, `${hers}/role`, { role: "admin" }),
  sessions_ended: ({ admin, hers }) => post(admin, `${hers}/sessions`),
  quota_changed: ({ admin, account }) =>
    post(admin, `/admin/members/${account.id}/quota`, { perDay: "7" }),
  sender_paused: paused,
  sender_released: async (s) => {
    await paused(s);
    await post(s.admin, `${s.hers}/release`);
  },
  suppressed: ({ admin }) => post(admin, "/api/admin/suppressions", { address: BOB }),
  suppression_lifted: async (s) => {
    await stopped(s);
    const hash = await addressHash(s.t.app, ADA);
    await post(s.ada, "/account/stopped/lift", { hash, scope: "broadcasts" });
  },
  address_erased: async (s) => {
    await reported(s);
    const link = new URL(s.mailer.accepted[0]!.headers["X-Clock-Work-Report"]!);
    await post(s.nobody, link.pathname.replace(/report$/, "erase"));
  },
  mail_refused: async (s) => {
    await post(s.admin, "/api/admin/suppressions", { address: BOB });
    await mailed(s).catch(() => {});
  },
  limit_hit: ({ t, account }) => limitHit(t.app, account.id),
  reported,
  sending_stopped: ({ admin }) => post(admin, "/api/admin/sending/stop"),
  sending_resumed: async ({ admin }) => {
    await post(admin, "/api/admin/sending/stop");
    await post(admin, "/api/admin/sending/resume");
  },
  breaker_opened: async (s) => {
    await transact(s.t.app, (tx) => countInDay(s.t.app, tx, EVERYBODY, { sent: 999 }));
    await reported(s);
    await s.t.drain();
  },
  restored,
  restore_released: async (s) => {
    await restored(s);
    const admin = await visitor(s.t, { ...s.root, epoch: 1 });
    await post(admin, "/api/admin/sending/release", { past: "drop" });
  },
  broadcast_confirmed: announced,
  broadcast_cancelled: async (s) =>
    await post(s.admin, `/admin/broadcasts/${await announced(s)}/cancel`),
  started: ({ t }) => auditStart(t.app),
  admin_made: ({ t }) => ensureAdmin(t.app, { email: NEW, password: PASSWORD }),
  job_act: async (s) => await post(s.admin, `/api/admin/jobs/${await mailed(s)}/cancel`),
  text_held: heldText,
  text_decided: async (s) =>
    await decideText(s.t.app, { ref: await heldText(s), past: "drop", by: s.root }),
};

for (const act of Object.keys(auditWords) as AuditAct[]) {
  Deno.test(`the audit log tells of it: ${act}`, async () => {
    const s = await scene();
    await using _ = s.t;
    await makes[act](s);
    const lines = await list(s.t.app, ranges.audit);
    const line = lines.findLast((line) => line.act === act);
    assert(line, `there are only ${lines.map((line) => line.act)}`);
    assertMatch(line.hash, /^[\w-]{43}$/);
    const kept = JSON.stringify(lines) + s.t.lines.join();
    assert(!/[\w.+-]@[a-z]/i.test(kept), "no full address");
    for (const secret of [PASSWORD, OTHER_PASSWORD, WORDS]) assert(!kept.includes(secret));
    const paths = s.mailer.accepted.flatMap(({ text }) => text.match(/\/[\w-]{43}\b/g) ?? []);
    for (const path of paths) assert(!kept.includes(path), "no link");
  });
}

Deno.test("what a member is refused again and again stands in the log once an hour", async () => {
  const s = await scene();
  await using _ = s.t;
  const count = async () =>
    (await list(s.t.app, ranges.audit)).filter(({ act }) => act === "mail_refused").length;
  await makes.mail_refused(s);
  for (let i = 0; i < 5; i++) await mailed(s).catch(() => {});
  assertEquals(await count(), 1);
  s.t.clock.advance(hours(1));
  await mailed(s).catch(() => {});
  assertEquals(await count(), 2);
});
