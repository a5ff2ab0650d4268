import clientPackage from "node-mailjet";
import { isLoopback } from "../core/config.ts";
import type { Log } from "../core/log.ts";
import { headerLine, type Mail, type Mailbox, type Mailer } from "../core/mail.ts";
import { mailjetAnswers, mailjetFound, type Reply } from "./mailjet_answer.ts";

export interface MailjetOptions {
  apiKey: string;
  apiSecret: string;
  /** Where the API is, if not at Mailjet's own address; `http:` on this machine only. */
  apiUrl?: string;
  log: Log;
  /** For one call in all, in milliseconds. */
  timeoutMs?: number;
}

/** What Deno imports is what the types call `default`. */
const Mailjet = clientPackage as unknown as typeof clientPackage.default;
/** The scheme is one for the whole library, so it is set right before each call is made. */
const library = Mailjet.Request as unknown as { protocol: string };

const BATCH = 50;
const TIMEOUT_MS = 20_000;
/** Fifty answers are some 20 KB. */
const MAX_ANSWER_BYTES = 1_000_000;
/** A provider that asks for more is asked again after this. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** Mail through Mailjet's Send API v3.1, which can be asked later by the `CustomID` of a message. */
export function createMailjetMailer(
  { apiKey, apiSecret, apiUrl, log, timeoutMs = TIMEOUT_MS }: MailjetOptions,
): Mailer {
  const { protocol, host } = readUrl(apiUrl ?? "https://api.mailjet.com");
  const client = new Mailjet({
    apiKey,
    apiSecret,
    config: { host },
    options: {
      timeout: timeoutMs,
      maxContentLength: MAX_ANSWER_BYTES,
      // Deno sends a request once more by itself when a connection that had been used before ends
      // without an answer. Mail could go out twice, and nobody would know: each call has its own.
      headers: { Connection: "close" },
    },
  });
  const secrets = [apiKey, apiSecret];

  /** Calls, and keeps nothing of an error but its codes: the client hangs key and secret on it. */
  async function call(request: () => Promise<{ response: HttpAnswer }>): Promise<Reply> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    // The client's own limit is for silence, and it cannot be stopped: an answer that trickles goes
    // on behind our back, until its size is too much.
    const timer = setTimeout(() => reject({ code: "ETIMEDOUT" }), timeoutMs);
    try {
      library.protocol = protocol;
      const { response } = await Promise.race([request(), late]);
      return toReply(response);
    } catch (thrown) {
      const { code, response } = thrown as { code?: unknown; response?: HttpAnswer | null };
      if (typeof response?.status === "number") return toReply(response);
      return { status: null, code: typeof code === "string" ? code : "EUNKNOWN" };
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    name: "mailjet",
    batch: BATCH,
    idempotent: false,
    async send(mails) {
      if (mails.length === 0) return [];
      const reply = await call(() =>
        client.post("send", { version: "v3.1" }).request({ Messages: mails.map(toMessage) })
      );
      if (reply.status !== 200) {
        const { status } = reply;
        const code = status === null ? reply.code : undefined;
        log.warn("mailjet_call_failed", { mails: mails.length, status, code });
      }
      return mailjetAnswers(mails, reply, secrets);
    },
    async lookup(ref) {
      const search = { CustomID: ref, ShowCustomID: true };
      const reply = await call(() => client.get("message", { version: "v3" }).request({}, search));
      return mailjetFound(ref, reply);
    },
    async close() {},
  };
}

interface HttpAnswer {
  status: number;
  data: unknown;
  headers: Partial<Record<string, unknown>>;
}

function toReply({ status, data, headers }: HttpAnswer): Reply {
  return { status, body: data, retryAfterMs: retryAfter(headers) };
}

/** Seconds or a date; a date is taken by the server's own clock. */
function retryAfter(headers: HttpAnswer["headers"]): number | undefined {
  const text = String(headers["retry-after"] ?? "").trim();
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1_000
    : Date.parse(text) - Date.parse(String(headers.date));
  return ms >= 0 ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : undefined;
}

function toMessage(mail: Mail) {
  // Mailjet writes and signs a Feedback-ID of its own, and a message may have only one.
  const { "Feedback-ID": _, ...headers } = mail.headers;
  return {
    From: mailbox(mail.from),
    To: [mailbox(mail.to)],
    ...(mail.replyTo && { ReplyTo: mailbox(mail.replyTo) }),
    Subject: headerLine(mail.subject),
    TextPart: mail.text,
    HTMLPart: mail.html,
    CustomID: mail.ref,
    ...(Object.keys(headers).length > 0 && { Headers: headers }),
    // Openings mean nothing since readers fetch ahead, and rewritten links break signed ones.
    TrackOpens: "disabled",
    TrackClicks: "disabled",
  };
}

function mailbox({ name, address }: Mailbox) {
  return name ? { Email: address, Name: headerLine(name) } : { Email: address };
}

/** @throws {Error} when it is no URL that a key may be sent to. */
function readUrl(text: string): { protocol: string; host: string } {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Error("Cannot use MAILJET_API_URL: say https:// and a host");
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new Error("Cannot use MAILJET_API_URL: http is for this machine only");
  }
  return { protocol: `${url.protocol}//`, host: url.host + url.pathname.replace(/\/$/, "") };
}
