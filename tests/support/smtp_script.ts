/** The nine steps of a session; `body` is between the 354 and the final dot. */
export type ScriptStep =
  | "connect"
  | "EHLO"
  | "STARTTLS"
  | "AUTH"
  | "MAIL"
  | "RCPT"
  | "DATA"
  | "body"
  | "dot";

export interface Script {
  /** Where this server goes wrong. */
  at?: ScriptStep;
  /** What it says there, as `"451 Later"`; without it, it hangs up. `silence`: it says nothing. */
  reply?: string;
  pipelining?: boolean;
}

export interface SmtpScript {
  readonly port: number;
  /** What clients asked for, in order; `dot` where a whole message came. */
  readonly steps: readonly ScriptStep[];
  close(): Promise<void>;
}

const USUAL: Record<ScriptStep, string> = {
  connect: "220 script ESMTP",
  EHLO: "250-script\r\n250-AUTH PLAIN\r\n250 STARTTLS",
  STARTTLS: "454 No TLS here",
  AUTH: "235 Welcome",
  MAIL: "250 Sender taken",
  RCPT: "250 Recipient taken",
  DATA: "354 Go on",
  body: "",
  dot: "250 Taken",
};

/** A server on loopback that goes wrong at one step, in ways no real server can be asked to. */
export function startSmtpScript({ at, reply, pipelining = false }: Script = {}): SmtpScript {
  const steps: ScriptStep[] = [];
  const connections = new Set<Deno.TcpConn>();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });

  async function serve(connection: Deno.TcpConn): Promise<void> {
    const say = (text: string) => connection.write(new TextEncoder().encode(`${text}\r\n`));
    let recipients = 0;
    /** Answers, or says that the session is over. */
    const take = async (step: ScriptStep): Promise<boolean> => {
      steps.push(step);
      if (step === at && reply === undefined) return false;
      const text = step === at ? reply ?? "" : usual(step);
      if (text !== "silence" && text !== "") await say(text);
      if (step === "RCPT" && text.startsWith("2")) recipients++;
      return true;
    };
    const usual = (step: ScriptStep) => {
      if (step === "EHLO" && pipelining) return USUAL.EHLO.replace("STARTTLS", "PIPELINING");
      return step === "DATA" && recipients === 0 ? "554 No valid recipients" : USUAL[step];
    };

    if (!await take("connect")) return;
    const lines = linesOf(connection);
    for await (const line of lines) {
      const verb = line.split(" ")[0]?.toUpperCase() ?? "";
      if (verb === "QUIT") return;
      if (!isStep(verb)) await say("250 As you like");
      else if (!await take(verb)) return;
      else if (verb === "DATA" && at !== "DATA" && recipients > 0) {
        if (!await take("body")) return;
        for await (const text of lines) if (text === ".") break;
        if (!await take("dot")) return;
        recipients = 0;
      }
    }
  }

  const serving = (async () => {
    const sessions: Promise<void>[] = [];
    for await (const connection of listener) {
      connections.add(connection);
      const session = serve(connection).catch(() => {}); // the client hung up first
      sessions.push(session.finally(() => {
        if (connections.delete(connection)) connection.close();
      }));
    }
    await Promise.all(sessions);
  })();

  return {
    port: listener.addr.port,
    steps,
    close() {
      listener.close();
      for (const connection of connections) connection.close();
      connections.clear();
      return serving;
    },
  };
}

function isStep(verb: string): verb is ScriptStep {
  return Object.hasOwn(USUAL, verb);
}

/** Can be read on after a loop was left. */
async function* read(connection: Deno.TcpConn): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let rest = "";
  for (;;) {
    const size = await connection.read(buffer);
    if (size === null) return;
    const lines = (rest + decoder.decode(buffer.subarray(0, size), { stream: true })).split("\r\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

function linesOf(connection: Deno.TcpConn): AsyncIterable<string> {
  const lines = read(connection);
  return { [Symbol.asyncIterator]: () => ({ next: () => lines.next() }) };
}
