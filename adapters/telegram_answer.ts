import { GrammyError, HttpError } from "grammy";
import type { Answer } from "../core/answer.ts";
import { isNotConnected } from "./not_connected.ts";
import { oneLine } from "./reason.ts";

/** Why a call brought no result. */
export type Failure =
  /** Telegram said so, in its own words. */
  | { is: "answered"; status: number; words: string; retryAfterMs?: number }
  /** No byte of the call left. */
  | { is: "not_connected"; code: string }
  /** The call left, and nothing that makes sense came back. */
  | { is: "lost"; code: string };

/** A wrong token needs a person; asking more often only looks like an attack. */
const NOT_ALLOWED_MS = 300_000;
/** A pause that was asked for without a length. */
const UNSAID_PAUSE_MS = 5_000;

/** Chats that are no longer there, or never were; the others of their kind come with 403. */
const NO_SUCH_CHAT =
  /chat not found|user not found|user is deactivated|peer_id_invalid|group chat was (deleted|upgraded)/i;

/** What grammY threw, without the address of the call: the token stands in it. */
export function readFailure(thrown: unknown): Failure {
  if (thrown instanceof GrammyError) {
    const { error_code: status, description, parameters } = thrown;
    const { retry_after: pauseS } = parameters;
    const retryAfterMs = Number.isFinite(pauseS) ? Number(pauseS) * 1_000 : undefined;
    return { is: "answered", status: Number(status), words: String(description), retryAfterMs };
  }
  const cause = thrown instanceof HttpError ? thrown.error : thrown;
  if (!(cause instanceof Error)) return { is: "lost", code: "EUNKNOWN" };
  if (cause.name === "NotCapable") return { is: "not_connected", code: "EACCES" };
  const { code, type } = cause as { code?: unknown; type?: unknown };
  if (typeof code !== "string") return { is: "lost", code: String(type ?? cause.name) };
  return { is: isNotConnected(code) ? "not_connected" : "lost", code };
}

/** What a failure means for the message that the call was about. */
export function telegramAnswer(failure: Failure, secrets: readonly string[]): Answer {
  if (failure.is === "not_connected") {
    return { is: "down", reason: `Cannot reach Telegram: ${failure.code}` };
  }
  if (failure.is === "lost") return unclear("it did not answer");
  const { status, retryAfterMs } = failure;
  const words = oneLine(failure.words, secrets);
  if (status === 429) {
    return {
      is: "postponed",
      reason: `Cannot send yet: ${words}`,
      retryAfterMs: retryAfterMs ?? UNSAID_PAUSE_MS,
    };
  }
  if (isTokenRefused(failure)) {
    const reason = `Cannot use Telegram: it answered ${status} to the bot's token`;
    return { is: "down", reason, retryAfterMs: NOT_ALLOWED_MS };
  }
  if (!(status >= 400 && status <= 499)) return unclear(`it answered ${status}`);
  const badAddress = status === 403 || NO_SUCH_CHAT.test(words);
  return { is: "refused", reason: `Cannot send: ${words}`, badAddress };
}

/** Telegram does not know the token (401), or it cannot be one (404). */
export function isTokenRefused(failure: Failure): boolean {
  return failure.is === "answered" && (failure.status === 401 || failure.status === 404);
}

/** Whether an edit was refused because the message is so already. */
export function isSoAlready(failure: Failure): boolean {
  return failure.is === "answered" && /message is not modified/i.test(failure.words);
}

function unclear(why: string): Answer {
  return { is: "unclear", reason: `Cannot tell whether Telegram took it: ${why}` };
}
