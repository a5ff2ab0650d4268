import type { App } from "../../core/app.ts";
import { transact } from "../../kv/transact.ts";
import { auditSeldom } from "../admin/audit.ts";
import { countFailure } from "./failure_alarm.ts";
import { networkHash } from "./network.ts";

export type FailedAct = "sign_in_failed" | "limit_hit";

export interface Failure {
  act: FailedAct;
  /** What was not right, or tried too often. */
  what?: "password" | "passkey";
  /** Null for an address that nobody has. */
  accountId: string | null;
  address: string;
}

/**
 * Audits that somebody was not let in: once an hour for each account, and for all addresses that
 * nobody has 16 times, however many they and their networks are.
 */
export async function noteFailure(
  app: App,
  { act, what = "password", accountId, address }: Failure,
): Promise<void> {
  const network = await networkHash(app, address);
  const who = accountId ?? `nobody ${network.charCodeAt(0) % 16}`;
  const line = { act, about: accountId, facts: { network, what } };
  await transact(app, async (tx) => {
    await auditSeldom(app, tx, line, who);
    if (act === "sign_in_failed") await countFailure(app, tx);
  });
}
