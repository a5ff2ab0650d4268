import type { App } from "../../core/app.ts";
import type { Config } from "../../core/config.ts";
import { VERSION } from "../../core/version.ts";
import { keys } from "../../kv/keys.ts";
import { transact } from "../../kv/transact.ts";
import { audit } from "./audit.ts";
import { sha256 } from "../accounts/digest.ts";

/**
 * Writes a start into the audit log, with its version and what stands for its settings. Where processes
 * share a store they come and go all day: there only one that differs from the last is written.
 */
export async function auditStart(app: App): Promise<void> {
  const settings = await settingsHash(app.config);
  const now = `${VERSION} ${settings}`;
  await transact(app, async (tx) => {
    if (app.store.shared && await tx.get(keys.started) === now) return;
    tx.set(keys.started, now);
    await audit(app, tx, { act: "started", facts: { version: VERSION, settings } });
  });
}

/** The same as long as these settings are. None of them is a secret: a hash of one could be tried out. */
export async function settingsHash(config: Config): Promise<string> {
  const { port, origin, kvPath, signup, mailFrom, sending, recipientCheck } = config;
  const { recipientDomains, mailPerSecond, mailSettleMs, trustedProxies, queues } = config;
  const { mailjet, smtpUrl, telegram } = config;
  const hash = await sha256(JSON.stringify([
    ...[port, origin, kvPath, signup, mailFrom, sending, recipientCheck, recipientDomains],
    ...[mailPerSecond, mailSettleMs, trustedProxies, queues],
    mailjet === undefined ? null : mailjet.apiUrl ?? "mailjet",
    smtpUrl === undefined ? null : URL.parse(smtpUrl)?.host,
    telegram === undefined ? null : [telegram.apiUrl, telegram.mode],
  ]));
  return hash.slice(0, 16);
}
