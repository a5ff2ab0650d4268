import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, Sending } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { mustBeAdmin } from "../admin/admins.ts";
import { audit } from "../admin/audit.ts";
import { EVERYBODY, today } from "./mail_days.ts";

export const OPEN: Sending = { stopped: null, breaker: null, restored: null };

/** What holds all sending at the moment. */
export async function sendingNow(app: Pick<App, "store">): Promise<Sending> {
  return await read(app, keys.sending) ?? OPEN;
}

/** Stops all sending, mail and Telegram alike: every claim looks. @throws {AppError} `not_found`. */
export async function stopSending(app: App, { by }: { by: Account }): Promise<void> {
  mustBeAdmin(by);
  await transact(app, async (tx) => {
    const sending = await tx.get(keys.sending) ?? OPEN;
    if (sending.stopped !== null) return;
    tx.set(keys.sending, { ...sending, stopped: { at: app.clock.now(), by: by.id } });
    await audit(app, tx, { act: "sending_stopped", by: by.id });
  });
}

/** Lets everything leave again, also after the breaker. @throws {AppError} `not_found`. */
export async function resumeSending(app: App, { by }: { by: Account }): Promise<void> {
  mustBeAdmin(by);
  await transact(app, async (tx) => {
    const sending = await tx.get(keys.sending) ?? OPEN;
    if (sending.stopped === null && sending.breaker === null) return;
    // Complaints that an admin has seen do not open the breaker once more.
    const resumed = sending.breaker === null
      ? sending.resumed
      : { at: app.clock.now(), counted: await today(app, tx, EVERYBODY) };
    tx.set(keys.sending, { ...sending, stopped: null, breaker: null, resumed });
    await audit(app, tx, { act: "sending_resumed", by: by.id });
  });
}

/**
 * Lets sending begin after a restore, and says what becomes of what was asked for before it: that may
 * have left already, after the backup was made.
 *
 * @throws {AppError} `not_found` for who is no admin; `conflict` when it has been said.
 */
export async function releaseRestored(
  app: App,
  { by, past }: { by: Account; past: "send" | "drop" },
): Promise<void> {
  mustBeAdmin(by);
  await transact(app, async (tx) => {
    const sending = await tx.get(keys.sending) ?? OPEN;
    if (sending.restored?.past !== "held") {
      throw new AppError("conflict", "Cannot release: nothing is held after a restore");
    }
    tx.set(keys.sending, { ...sending, restored: { ...sending.restored, past } });
    await audit(app, tx, { act: "restore_released", by: by.id, facts: { past } });
  });
}
