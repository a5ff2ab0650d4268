import type { App } from "../../core/app.ts";
import type { Config } from "../../core/config.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { accountByAddress, newAccount } from "./accounts.ts";
import { addressKey, parseAddress } from "../recipients/addresses.ts";
import { audit } from "../admin/audit.ts";
import { NO_FACTORS, writeFactors } from "../factors/factors.ts";
import { requireGoodPassword } from "./password_policy.ts";
import { hashPassword } from "./passwords.ts";
import { DEFAULT_ZONE, parseName, parseZone } from "./profile.ts";
import { endAllSessions } from "./session_end.ts";
import {
  issueToken,
  linkNotFound,
  peekToken,
  revokeToken,
  tokenHash,
  tokenValue,
  useToken,
} from "./tokens.ts";

/** How long the setup link works, ms: whoever starts the server is there to open it. */
const SETUP_MS = 30 * 60_000;

/**
 * What the setup link of this start carries, or null when there has been an admin. It works for half
 * an hour, until it is used or the next start makes another; where several processes share the store
 * each start shows the same while it works, because the start of one must not end what another has
 * just shown.
 */
export async function setUpToken(app: App): Promise<string | null> {
  const tokenId = await transact(app, async (tx) => {
    const before = await tx.get(keys.setUp);
    if (before && before.doneAt !== null) return null;
    if (before?.tokenId && app.store.shared && await works(app, tx, before.tokenId)) {
      return before.tokenId;
    }
    await revokeSetUpToken(app, tx);
    const tokenId = await issueToken(app, tx, {
      purpose: "setup",
      subject: "instance",
      lifeMs: SETUP_MS,
    });
    tx.set(keys.setUp, { tokenId, doneAt: null });
    return tokenId;
  });
  return tokenId && await tokenValue(app, "setup", tokenId);
}

async function works(app: App, tx: Tx, tokenId: string): Promise<boolean> {
  const token = await tx.get(keys.token(await tokenHash(app, "setup", tokenId)));
  return token !== null && token.expiresAt > app.clock.now();
}

export interface FirstAdmin {
  /** What the setup link carries. */
  token: string;
  email: string;
  password: string;
  name: string;
  zone?: string;
}

/**
 * Makes the first admin; of many at once, one. Who holds the setup link runs the instance, so an
 * account that has the address already becomes theirs, and is told.
 *
 * @throws {AppError} `not_found` for a link that does not work; `invalid` naming the field.
 */
export async function setUp(
  app: App,
  { token, email, password, name, zone = DEFAULT_ZONE }: FirstAdmin,
): Promise<Account> {
  await peekToken(app, "setup", token); // before anything is hashed
  const given = {
    email: parseAddress(email).address,
    name: parseName(name),
    zone: parseZone(zone),
  };
  await requireGoodPassword(password, given);
  const hashed = await hashPassword(password);
  return await transact(app, async (tx) => {
    await useToken(app, tx, "setup", token);
    if ((await tx.get(keys.setUp))?.doneAt) throw linkNotFound("setup");
    return await makeAdmin(app, tx, { ...given, password: hashed }, "setup link");
  });
}

/**
 * Sees to it that there is an account with the admin's address from the settings. One that is there
 * stays as it is: a password that was changed since is not changed back.
 *
 * @throws {AppError} `invalid` for a password that is easy to guess.
 */
export async function ensureAdmin(app: App, admin: Config["admin"]): Promise<void> {
  if (admin === undefined) return;
  const email = parseAddress(admin.email, "ADMIN_EMAIL").address;
  const there = await accountByAddress(app, email);
  if (there !== null) {
    if (there.role !== "admin") app.log.warn("admin_is_member", { accountId: there.id });
    return;
  }
  const name = "Admin";
  await requireGoodPassword(admin.password, { email, name }, "ADMIN_PASSWORD");
  const password = await hashPassword(admin.password);
  await transact(app, async (tx) => {
    // Another process that starts at the same moment may have been first.
    if (await tx.get(keys.accountByEmail(addressKey(email))) !== null) return;
    await makeAdmin(app, tx, { email, name, zone: DEFAULT_ZONE, password }, "settings");
  });
}

async function makeAdmin(
  app: App,
  tx: Tx,
  given: Pick<Account, "email" | "name" | "zone" | "password">,
  how: "setup link" | "settings",
): Promise<Account> {
  const now = app.clock.now();
  const rights = { role: "admin", verified: { at: now, by: "operator" } } as const;
  const byEmail = keys.accountByEmail(addressKey(given.email));
  const thereId = await tx.get(byEmail);
  const there = thereId === null ? null : await tx.get(keys.account(thereId));
  const admin = there === null
    ? { ...newAccount(app, given), ...rights }
    : { ...await takeOver(app, tx, there), ...given, ...rights };
  if (there !== null) {
    const letter = { accountId: there.id, letter: "password_changed" } as const;
    await enqueue(app, tx, "email_account", letter);
  }
  tx.set(keys.account(admin.id), admin);
  tx.set(byEmail, admin.id);
  await revokeSetUpToken(app, tx);
  tx.set(keys.setUp, { tokenId: null, doneAt: now });
  await audit(app, tx, { act: "admin_made", about: admin.id, facts: { how } });
  tx.afterCommit(() => app.log.info("admin_made", { accountId: admin.id }));
  return admin;
}

/** Whoever had it is out, and so are their second factors. */
async function takeOver(app: App, tx: Tx, there: Account): Promise<Account> {
  return writeFactors(app, tx, await endAllSessions(app, tx, there), NO_FACTORS);
}

async function revokeSetUpToken(app: App, tx: Tx): Promise<void> {
  const tokenId = (await tx.get(keys.setUp))?.tokenId;
  if (tokenId) await revokeToken(app, tx, { purpose: "setup", tokenId });
}
