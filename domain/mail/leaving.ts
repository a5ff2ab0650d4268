import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, Delivery, Sender } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { addresseeOf } from "../recipients/addressee.ts";
import { hasAgreed } from "../recipients/awaiting_consent.ts";
import { GO, type Leave, type Leaving, MOST_WAIT_MS, never } from "./leave.ts";
import { countRecipient, countToday } from "./leaving_counts.ts";
import { dayEnds } from "./mail_days.ts";
import { isOwnAddress } from "../recipients/own_address.ts";
import { type Allowance, allowanceOf } from "./quotas.ts";
import { textHold } from "./same_text.ts";
import { sendingNow } from "./sending.ts";
import {
  type LetterKind,
  suppressionIn,
  whyOwnSuppressed,
  whySuppressed,
} from "../recipients/suppressions.ts";

/** How soon what is held is looked at again, ms. */
const LOOK_AGAIN_MS = 60_000;
const PAUSE_LOOK_MS = 3_600_000;
/** What somebody asks for at a door of their own, and waits for. */
const ASKED_FOR: readonly LetterKind[] = ["account", "claim"];
/** What goes on where too many complain: whoever does did not ask for the others. */
const GOES_ON: readonly LetterKind[] = [...ASKED_FOR, "reminder"];

/** What holds all messages of this kind just now, or null; `drop` where they are never to leave. */
export async function holdOn(
  app: Pick<App, "store" | "clock">,
  { kind, askedAt }: Leaving,
): Promise<{ reason: string; drop: boolean; lookAgainMs: number } | null> {
  const { stopped, breaker, restored } = await sendingNow(app);
  const held = (reason: string) => ({ reason, drop: false, lookAgainMs: LOOK_AGAIN_MS });
  if (stopped) return held("an admin has stopped all sending");
  const before = restored !== null && askedAt < restored.at;
  if (restored?.past === "held" && (before || !ASKED_FOR.includes(kind))) {
    const why = before ? "it may have left before the restore" : "the store was restored";
    return held(`${why}; an admin decides`);
  }
  if (before && restored.past === "drop") {
    return { reason: "it may have left before the restore", drop: true, lookAgainMs: 0 };
  }
  return breaker && !GOES_ON.includes(kind) ? held(breaker.why) : null;
}

/**
 * Which of these messages may leave now, asked before each try. What is counted (a member's day, the
 * day of all, what one address gets) is counted here, once for each message, in a commit that also
 * reads what is held against it: so a limit holds whatever runs beside this.
 *
 * @returns one answer for each, in their order.
 */
export async function mayLeave(
  app: App,
  leaving: Leaving,
  deliveries: readonly Delivery[],
): Promise<Leave[]> {
  const by = leaving.ownerId === null ? null : await senderOf(app, leaving.ownerId);
  const gone = leaving.ownerId === null ? null : whyGone(by?.account ?? null);
  const text = await sameText(app, leaving);
  const answers: Leave[] = [];
  for (const one of deliveries) {
    const mail = { by, text, delivery: one };
    answers.push(gone ?? (one.channel === "mail" ? await mayMail(app, leaving, mail) : GO));
  }
  return answers;
}

interface Member {
  account: Account;
  sender: Sender | null;
  allowance: Allowance;
}

async function senderOf(app: App, ownerId: string): Promise<Member | null> {
  const account = await read(app, keys.account(ownerId));
  if (account === null) return null;
  const sender = await read(app, keys.sender(ownerId));
  return { account, sender, allowance: await allowanceOf(app, account) };
}

function whyGone(account: Account | null): Leave | null {
  if (account === null || account.closedAt !== undefined) {
    return never("its sender’s account is closed");
  }
  return account.suspended ? never("its sender is suspended") : null;
}

/** What a text that several members mail to others keeps from leaving. */
async function sameText(app: App, { text, askedAt }: Leaving): Promise<Leave> {
  const hold = text === undefined ? "free" : await textHold(app, text);
  if (hold === "free") return GO;
  const reason = "several members mail the same text";
  const now = app.clock.now();
  if (hold === "dropped" || now - askedAt >= MOST_WAIT_MS) {
    return never(`${reason}, and it may not leave`);
  }
  return { is: "wait", until: now + LOOK_AGAIN_MS, reason: `${reason}; an admin looks at it` };
}

async function mayMail(
  app: App,
  leaving: Leaving,
  { by, text, delivery }: { by: Member | null; text: Leave; delivery: Delivery },
): Promise<Leave> {
  const to = await addresseeOf(app, delivery.to);
  const own = by !== null && await isOwnAddress(app, by.account, delivery.to);
  const paused = own ? null : by?.sender?.paused ?? null;
  const letter = { kind: leaving.kind, ownerId: own ? null : leaving.ownerId };
  if (!own && text.is !== "go") return text;
  try {
    return await transact(app, async (tx) => {
      const suppressed = await suppressionIn(app, tx, to, letter);
      if (suppressed) return never((own ? whyOwnSuppressed : whySuppressed)(suppressed));
      if (app.mailer.name === "outbox") return GO;
      if (paused) {
        const until = app.clock.now() + PAUSE_LOOK_MS;
        return waitUntil(app, leaving, until, `its sender is paused: ${paused.why}`);
      }
      const agreed = own ? GO : await hasAgreed(app, tx, leaving, { hash: to.hash, delivery });
      if (agreed.is !== "go" || delivery.counted) return agreed;
      const full = await countToday(app, tx, leaving, { by, delivery });
      if (full !== null) return waitUntil(app, leaving, dayEnds(app.clock.now()), full);
      await countRecipient(app, tx, leaving, { by, own, to: delivery.to });
      return GO;
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "rate_limited") throw error;
    const until = app.clock.now() + (error.retryAfterMs ?? LOOK_AGAIN_MS);
    return waitUntil(app, leaving, until, "this address has had enough mail for now");
  }
}

/** Looked at again then, but not for ever. */
function waitUntil(
  { clock }: App,
  { askedAt }: Leaving,
  until: number,
  reason: string,
): Leave {
  if (clock.now() - askedAt >= MOST_WAIT_MS) return never(reason);
  return { is: "wait", until, reason };
}
