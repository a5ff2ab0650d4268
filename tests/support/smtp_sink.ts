import { Buffer } from "node:buffer";
import type { AddressInfo, Socket } from "node:net";
import type { ParsedMail } from "mailparser";
import { simpleParser } from "mailparser";
import type { SMTPServerSession } from "smtp-server";
import { SMTPServer } from "smtp-server";
import type { Certificate } from "./certificate.ts";

/** Where the sink can hang up. `dot`: the message is taken, the sender never hears of it. */
export type SinkStep = "connect" | "auth" | "mail" | "rcpt" | "data" | "dot";

export interface SmtpSinkOptions {
  /** With it STARTTLS is offered, or (`implicitTls`) TLS is spoken from the first byte. */
  certificate?: Certificate;
  implicitTls?: boolean;
  /** Must sign in, then. */
  account?: { user: string; pass: string };
  /** Largest message in bytes; announced. */
  size?: number;
}

export interface SinkMessage {
  from: string;
  to: string[];
  /** As it came over the wire, without dot stuffing. */
  raw: string;
  secure: boolean;
  user?: string;
}

export interface SmtpSink {
  readonly port: number;
  /** `smtp://127.0.0.1:port`, with the account in it. */
  readonly url: string;
  /** All that was taken, in order, also what was taken without an answer. */
  readonly messages: readonly SinkMessage[];
  /** The replies to RCPT that are no 250, as `"550 5.1.1 Nobody here"` under the address. */
  readonly replies: Map<string, string>;
  /** Hangs up the next `times` that a session comes to this step. */
  hangUp(step: SinkStep, times?: number): void;
  parsed(): Promise<ParsedMail[]>;
  close(): Promise<void>;
}

/** A real SMTP server on loopback that keeps what it gets. */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const { certificate, implicitTls = false, account, size } = options;
  const messages: SinkMessage[] = [];
  const replies = new Map<string, string>();
  const sockets = new Map<number, Socket>();
  const hangUps = new Map<SinkStep, number>();

  /** Whether the session ended here. */
  function ends(step: SinkStep, session: SMTPServerSession): boolean {
    const left = hangUps.get(step) ?? 0;
    if (left === 0) return false;
    hangUps.set(step, left - 1);
    sockets.get(session.remotePort)?.destroy();
    return true;
  }

  const server = new SMTPServer({
    ...certificate,
    name: "[127.0.0.1]", // else it asks for the name of the machine, which tests may not
    logger: false,
    secure: implicitTls,
    size,
    authOptional: account === undefined,
    allowInsecureAuth: true,
    disabledCommands: certificate === undefined ? ["STARTTLS"] : [],
    hideENHANCEDSTATUSCODES: true, // replies say what the test says, and no more
    disableReverseLookup: true,
    onConnect(session, next) {
      if (!ends("connect", session)) next();
    },
    onAuth(auth, session, next) {
      if (ends("auth", session)) return;
      const right = auth.username === account?.user && auth.password === account?.pass;
      next(null, right ? { user: auth.username } : { message: "Who are you", responseCode: 535 });
    },
    onMailFrom(_address, session, next) {
      if (!ends("mail", session)) next();
    },
    onRcptTo({ address }, session, next) {
      if (ends("rcpt", session)) return;
      const reply = replies.get(address);
      if (reply === undefined) return next();
      next(Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) }));
    },
    onData(stream, session, next) {
      if (ends("data", session)) return;
      const chunks: Uint8Array[] = [];
      stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
      stream.on("error", () => {}); // the sender went away; nothing was taken
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        if (stream.sizeExceeded) {
          return next(Object.assign(new Error("Too large"), { responseCode: 552 }));
        }
        messages.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
          secure: session.secure,
          user: session.user,
        });
        if (!ends("dot", session)) next(null, `Taken as ${messages.length}`);
      });
    },
  });
  server.on("error", () => {}); // of connections that were cut; the tests look at the other end
  server.server.on("connection", (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.on("close", () => sockets.delete(port));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.server.address() as AddressInfo;
  const login = account === undefined
    ? ""
    : `${encodeURIComponent(account.user)}:${encodeURIComponent(account.pass)}@`;

  return {
    port,
    url: `${implicitTls ? "smtps" : "smtp"}://${login}127.0.0.1:${port}`,
    messages,
    replies,
    hangUp: (step, times = 1) => void hangUps.set(step, times),
    parsed: () => Promise.all(messages.map(({ raw }) => simpleParser(raw))),
    close() {
      for (const socket of sockets.values()) socket.destroy();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
