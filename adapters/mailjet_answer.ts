import { z } from "zod";
import type { Answer } from "../core/answer.ts";
import type { Mail } from "../core/mail.ts";
import { isNotConnected } from "./not_connected.ts";
import { oneLine } from "./reason.ts";

/** What came back of a call: an HTTP answer, or only the code of the error. */
export type Reply =
  | { status: number; body: unknown; retryAfterMs?: number }
  | { status: null; code: string };

/** Wrong keys need a person; asking more often only looks like an attack. */
const NOT_ALLOWED_MS = 300_000;

// The status is what counts; details that are not as expected are left out, not held against it.
const Problem = z.object({
  StatusCode: z.number().catch(400),
  ErrorCode: z.string().catch(""),
  ErrorMessage: z.string().catch("it gave no reason"),
  ErrorRelatedTo: z.array(z.string()).catch([]),
});
// Ids are larger than what a number holds, so the client makes objects of them.
const Recipient = z.object({
  MessageID: z.unknown().optional(),
  MessageUUID: z.unknown().optional(),
});
const CustomID = z.string().optional().catch(undefined);
const Entry = z.discriminatedUnion("Status", [
  z.object({ Status: z.literal("success"), CustomID, To: z.array(Recipient).catch([]) }),
  z.object({ Status: z.literal("error"), CustomID, Errors: z.array(Problem).catch([]) }),
]);
type Entry = z.output<typeof Entry>;
const Answer = z.object({ Messages: z.array(z.unknown()) });
const Refusal = z.object({ ErrorMessage: z.string() });

/** One answer for each mail of a call, in their order. */
export function mailjetAnswers(
  mails: readonly Mail[],
  reply: Reply,
  secrets: readonly string[],
): Answer[] {
  const all = (answer: Answer) => mails.map(() => answer);
  if (reply.status === null) {
    return all(
      isNotConnected(reply.code)
        ? { is: "down", reason: `Cannot reach Mailjet: ${reply.code}` }
        : unclear("it did not answer"),
    );
  }
  const { status, body, retryAfterMs } = reply;
  const reason = `Cannot use Mailjet: it answered ${status}`;
  if (status === 401) return all({ is: "down", reason, retryAfterMs: NOT_ALLOWED_MS });
  if (status === 429) return all({ is: "down", reason, retryAfterMs });
  const answer = Answer.safeParse(body);
  if (status < 200 || status > 499 || status > 299 && status < 400 || status === 408) {
    return all(unclear(`it answered ${status}`));
  }
  if (answer.success) return perMessage(mails, answer.data.Messages, secrets);
  if (status < 300) return all(unclear("its answer makes no sense"));
  if (status === 403) return all({ is: "down", reason, retryAfterMs: NOT_ALLOWED_MS });
  if (![400, 413, 415, 422].includes(status)) return all({ is: "down", reason });
  const why = Refusal.safeParse(body).data?.ErrorMessage ?? `Mailjet answered ${status}`;
  return all({
    is: "refused",
    reason: oneLine(`Cannot send: ${why}`, secrets),
    badAddress: false,
  });
}

function unclear(why: string): Answer {
  return { is: "unclear", reason: `Cannot tell whether Mailjet took it: ${why}` };
}

/**
 * Each mail's own entry: the one with its `CustomID`. Entries of errors carry none; they are told by
 * their place, and only when all others are in theirs.
 */
function perMessage(
  mails: readonly Mail[],
  messages: readonly unknown[],
  secrets: readonly string[],
): Answer[] {
  const entries = messages.map((message) => Entry.safeParse(message).data);
  const inPlace = entries.length === mails.length &&
    entries.every((entry, i) => !entry?.CustomID || entry.CustomID === mails[i]?.ref);
  return mails.map((mail, i) => {
    const own = entries.filter((entry) => entry?.CustomID === mail.ref);
    const entry = own.find((entry) => entry?.Status === "success") ?? own[0] ??
      (inPlace ? entries[i] : undefined);
    return entry === undefined ? unclear("its answer leaves it out") : read(entry, mail, secrets);
  });
}

function read(entry: Entry, mail: Mail, secrets: readonly string[]): Answer {
  if (entry.Status === "success") {
    const { MessageID, MessageUUID } = entry.To[0] ?? {};
    return { is: "accepted", providerId: String(MessageID || MessageUUID || mail.ref) };
  }
  const problems = entry.Errors;
  const why = problems.map(({ ErrorMessage }) => ErrorMessage).join("; ") || "it gave no reason";
  const reason = oneLine(`Cannot send: ${why}`, secrets);
  // The sender is not allowed (send-0008): that is the same for every mail we have.
  if (problems.some(({ StatusCode }) => StatusCode === 401 || StatusCode === 403)) {
    return { is: "down", reason, retryAfterMs: NOT_ALLOWED_MS };
  }
  const temporary = (status: number) => status === 429 || status >= 500;
  if (problems.length > 0 && problems.every(({ StatusCode }) => temporary(StatusCode))) {
    return { is: "postponed", reason };
  }
  return { is: "refused", reason, badAddress: problems.some(isAboutAddress) };
}

/** `To`, `To[0]` and `To[0].Email` are about the recipient's address, `To[0].Name` is not. */
function isAboutAddress({ ErrorCode, ErrorRelatedTo }: z.output<typeof Problem>): boolean {
  if (ErrorRelatedTo.length === 0) return ErrorCode === "mj-0013";
  return ErrorRelatedTo.some((property) => /^To(\[\d+\])?(\.Email)?$/.test(property));
}

const Found = z.object({
  Count: z.number(),
  Data: z.array(z.object({ ID: z.unknown().optional(), CustomID: z.string().optional() })),
});

/** What a search by `CustomID` says; `null` when it says nothing that is sure. */
export function mailjetFound(
  ref: string,
  reply: Reply,
): { found: boolean; providerId?: string } | null {
  if (reply.status !== 200) return null;
  const { data } = Found.safeParse(reply.body);
  if (data === undefined) return null;
  if (data.Data.length === 0) return data.Count === 0 ? { found: false } : null;
  // Had the filter been ignored, these would be the messages of others.
  const own = data.Data.find(({ CustomID }) => CustomID === undefined || CustomID === ref);
  return own?.ID ? { found: true, providerId: String(own.ID) } : null;
}
