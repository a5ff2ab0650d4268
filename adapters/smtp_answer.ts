import type { NodemailerError } from "nodemailer";
import type { Answer } from "../core/answer.ts";
import { oneLine } from "./reason.ts";

/** How far a message had come when its sending failed. */
export interface Failure {
  error: NodemailerError;
  /** All of its body was passed on, so the final dot may have left. */
  handedOver: boolean;
  /** What must not appear in a reason. */
  secrets: readonly string[];
}

type Step = "MAIL FROM" | "RCPT TO" | "DATA";

/** Codes of errors that are in the message itself: no server was asked, or none would take it. */
const MESSAGE_FAULTS = new Set([
  "EENVELOPE",
  "EMESSAGE",
  "EMAXRECIPIENTS",
  "ESTREAM",
  "EFILEACCESS",
  "EURLACCESS",
]);

/** Replies that mean "sign in" or "encrypt first", whichever command they answer. */
const NOT_SIGNED_IN = new Set([530, 534, 535, 538]);

/**
 * What a failure says of the message. Nodemailer names the command that a reply was for (the final
 * reply counts as `DATA`); an error of the connection is `CONN` at every step, and then only
 * `handedOver` tells what was lost.
 */
export function smtpAnswer(failure: Failure): Answer {
  const { error, handedOver } = failure;
  if (error.responseCode !== undefined && isStep(error.command)) {
    return replied(failure, error.command, error.responseCode);
  }
  if (isGoodbye(error) && !handedOver) {
    return { is: "postponed", reason: "Cannot send: the mail server ended the session with 421" };
  }
  if (handedOver) {
    return {
      is: "unclear",
      reason: "Cannot tell whether it was sent: the mail server went away before it answered",
    };
  }
  if (error.code !== undefined && MESSAGE_FAULTS.has(error.code)) return badMessage(error);
  // Not an error of nodemailer's: a fault of ours, which must not stop the mail of others.
  if (error.code === undefined) {
    return { is: "postponed", reason: "Cannot send: the message could not be made" };
  }
  return { is: "down", reason: unreachable(error) };
}

function isStep(command: string | undefined): command is Step {
  return command === "MAIL FROM" || command === "RCPT TO" || command === "DATA";
}

/** A 421 amid commands that were sent together; the one that is a greeting is `EPROTOCOL`. */
function isGoodbye({ code, command, responseCode }: NodemailerError): boolean {
  return responseCode === 421 && code === "ECONNECTION" && command === "CONN";
}

function replied({ error, handedOver, secrets }: Failure, step: Step, code: number): Answer {
  const said = error.response ?? code;
  const reason = oneLine(`Cannot send: the mail server answered ${said}`, secrets);
  if (NOT_SIGNED_IN.has(code)) {
    return { is: "down", reason: `Cannot use the mail server: it answered ${code}` };
  }
  if (code >= 500 && code < 600) {
    return { is: "refused", reason, badAddress: isBadAddress(step, code, error.response ?? "") };
  }
  if (code >= 400 && code < 500) return { is: "postponed", reason };
  // A reply that no standard knows here; after the dot it may as well have been a yes.
  return handedOver ? { is: "unclear", reason } : { is: "postponed", reason };
}

/**
 * Whether a refusal is about the recipient's address. The enhanced code (RFC 3463) decides where
 * there is one: 550 is also said when it is us whom the server does not want (5.7.1), and 5.1.7 and
 * 5.1.8 are about the sender.
 */
function isBadAddress(step: Step, code: number, response: string): boolean {
  if (step === "MAIL FROM") return false;
  const enhanced = /^\d{3}[ -](5\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  if (enhanced === undefined) return step === "RCPT TO" && [550, 551, 553].includes(code);
  if (enhanced === "5.2.1") return step === "RCPT TO"; // the mailbox is closed
  return enhanced.startsWith("5.1.") && enhanced !== "5.1.7" && enhanced !== "5.1.8";
}

function badMessage(error: NodemailerError): Answer {
  if (error.code === "EMESSAGE") {
    const reason = "Cannot send: the message is larger than the mail server takes";
    return { is: "refused", reason, badAddress: false };
  }
  const badAddress = error.code === "EENVELOPE" && !error.message.startsWith("Invalid sender");
  const what = badAddress ? "the address is not valid" : "the message is not valid";
  return { is: "refused", reason: `Cannot send: ${what}`, badAddress };
}

/** Codes only: what a server says around a failed sign-in may repeat what was said to it. */
function unreachable({ code, originalCode, command, responseCode }: NodemailerError): string {
  const why = responseCode === undefined ? originalCode ?? code : `it answered ${responseCode}`;
  if (code === "EAUTH") return `Cannot sign in to the mail server: ${why}`;
  if (code === "ETLS" || command === "STARTTLS") {
    return `Cannot encrypt the connection to the mail server: ${why}`;
  }
  return `Cannot reach the mail server: ${why}`;
}
