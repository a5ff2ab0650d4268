import nodemailer from "nodemailer";
import type { NodemailerError, SendMailOptions, SMTPPoolOptions } from "nodemailer";
import { isLoopback } from "../core/config.ts";
import type { Log } from "../core/log.ts";
import type { Answer } from "../core/answer.ts";
import { headerLine, type Mail, type Mailbox, type Mailer } from "../core/mail.ts";
import { oneLine } from "./reason.ts";
import { smtpAnswer } from "./smtp_answer.ts";

export interface SmtpOptions {
  /**
   * `smtps://user:password@host:465` encrypts from the first byte, `smtp://…:587` insists on
   * STARTTLS. Only a server on this machine is spoken to in plain text.
   */
  url: string;
  log: Log;
  /** Certificates to trust beside the usual ones, in PEM: for a relay with an authority of its own. */
  ca?: string;
  timeouts?: Partial<Timeouts>;
}

/** In milliseconds. */
interface Timeouts {
  connection: number;
  greeting: number;
  /** Silence on the connection; RFC 5321 asks for ten minutes after the final dot. */
  socket: number;
}

const TIMEOUTS: Timeouts = { connection: 30_000, greeting: 30_000, socket: 600_000 };
const MAX_CONNECTIONS = 2;
/** Longest pause for which nodemailer's pool keeps a timer after it lost a connection. */
const POOL_PAUSE_MS = 100;

/** Mail through any SMTP relay. It cannot be asked afterwards: what is unclear stays unclear. */
export function createSmtpMailer({ url, log, ca, timeouts }: SmtpOptions): Mailer {
  const { options, secrets } = readUrl(url);
  const { connection, greeting, socket } = { ...TIMEOUTS, ...timeouts };
  const transport = nodemailer.createTransport({
    ...options,
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    // A message none of which was read goes to another connection: one for each that may be stale.
    maxRequeues: MAX_CONNECTIONS,
    name: "[127.0.0.1]", // what nodemailer falls back to; else it asks for the name of the machine
    connectionTimeout: connection,
    greetingTimeout: greeting,
    socketTimeout: socket,
    socketCloseTimeout: 0,
    tls: { minVersion: "TLSv1.2", rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  const handedOver = new Set<string>();
  transport.use("stream", (mail, done) => {
    const { message } = mail;
    const read = message.createReadStream.bind(message);
    // The body is read once the server said 354, and the final dot is written after its end.
    message.createReadStream = (options) =>
      read(options).once("end", () => handedOver.add(message.messageId()));
    done();
  });

  const underWay = new Set<Promise<Answer>>();
  let closed = false;
  let lost = false;

  async function send(mail: Mail): Promise<Answer> {
    const message = toMessage(mail);
    try {
      const { response } = await transport.sendMail(message);
      return { is: "accepted", providerId: oneLine(response ?? mail.ref).slice(0, 200) };
    } catch (thrown) {
      lost = true;
      const error: NodemailerError = thrown instanceof Error ? thrown : new Error("no error");
      const failure = { error, handedOver: handedOver.has(message.messageId), secrets };
      const answer: Answer = closed && !failure.handedOver
        ? { is: "down", reason: "Cannot send: the mailer was closed" }
        : smtpAnswer(failure);
      const { code, originalCode, command, responseCode } = error;
      log.info("mail_not_accepted", {
        mailer: "smtp",
        ref: mail.ref,
        is: answer.is,
        code: originalCode ?? code,
        step: command,
        reply: responseCode,
      });
      return answer;
    } finally {
      handedOver.delete(message.messageId);
    }
  }

  return {
    name: "smtp",
    batch: 1,
    idempotent: false,
    send: (mails) =>
      Promise.all(mails.map((mail) => {
        const sending = send(mail);
        underWay.add(sending);
        return sending.finally(() => underWay.delete(sending));
      })),
    async close() {
      closed = true;
      transport.close({ force: true });
      await Promise.all(underWay);
      if (lost) await new Promise((done) => setTimeout(done, POOL_PAUSE_MS));
    },
  };
}

/** Mailboxes as objects: in a string, a comma in a name would be a second recipient. */
function toMessage(mail: Mail): SendMailOptions & { messageId: string } {
  const domain = mail.from.address.slice(mail.from.address.lastIndexOf("@") + 1);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(mail.headers)) if (value) headers[name] = value;
  return {
    envelope: { from: { address: mail.from.address }, to: { address: mail.to.address } },
    messageId: `<${mail.ref}@${domain}>`,
    date: new Date(mail.date),
    from: mailbox(mail.from),
    to: mailbox(mail.to),
    replyTo: mail.replyTo && mailbox(mail.replyTo),
    subject: headerLine(mail.subject),
    text: crlf(mail.text),
    html: crlf(mail.html),
    headers,
    xMailer: false,
  };
}

/** Line ends as MIME wants them; nodemailer leaves those of a base64 part as they are. */
function crlf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\r\n");
}

function mailbox({ name = "", address }: Mailbox): Required<Mailbox> {
  return { name: headerLine(name), address };
}

/** @throws {Error} when it is no SMTP URL; the words do not repeat it. */
export function readUrl(text: string): { options: SMTPPoolOptions; secrets: string[] } {
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === "") {
    throw new Error("Cannot use SMTP_URL: say smtp://user:password@host:587 or smtps://…:465");
  }
  const [user, pass] = [decode(url.username), decode(url.password)];
  const secure = url.protocol === "smtps:";
  // Only special schemes have their host names put in lower case.
  const host = url.hostname.toLowerCase();
  const plain = !secure && isLoopback(host);
  const options: SMTPPoolOptions = {
    host: host.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && !plain,
    ignoreTLS: plain,
    auth: user === "" ? undefined : { user, pass },
  };
  return { options, secrets: [user, pass] };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a bare % that means itself
  }
}
