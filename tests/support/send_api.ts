import type { ApiMessage, Problem } from "./send_api_check.ts";
import { problem, problemsOf, readCall } from "./send_api_check.ts";
import { startTcpFront } from "./tcp_front.ts";

/** How the next calls go wrong; what is not said goes as usual. */
export interface Fault {
  /** Which calls; the rest is not touched. */
  on?: "send" | "lookup";
  /** The messages are taken all the same, as by a provider that breaks before it answers. */
  accept?: boolean;
  /** The connection ends without an answer. */
  drop?: boolean;
  /** Before anything else; `Infinity` lasts until the stand-in is closed. */
  slowMs?: number;
  /** Answered instead of the truth; 200 when only one of the others is given. */
  status?: number;
  body?: string;
  headers?: Record<string, string>;
}

export interface SendApiOptions {
  key?: string;
  secret?: string;
  /** Addresses that may stand in `From`; any, if not given. */
  senders?: string[];
}

export interface SendApi {
  /** Also what a child process is told as `MAILJET_API_URL`. */
  readonly url: string;
  readonly key: string;
  readonly secret: string;
  /** All that was taken, in order, with the id that it got. */
  readonly messages: readonly (ApiMessage & { id: string })[];
  /** How many messages came with each call that passed the sign-in, taken or not. */
  readonly calls: readonly number[];
  fail(fault: Fault, times?: number): void;
  close(): Promise<void>;
}

/** Ids of the size that Mailjet's have: past what a number holds. */
const FIRST_ID = 1_152_921_523_106_452_235n;

/** Mailjet's Send API v3.1 and its search by `CustomID`, on loopback and as strict as the real one. */
export function startSendApi(options: SendApiOptions = {}): SendApi {
  const { key = "public-key", secret = "private-key", senders } = options;
  const messages: (ApiMessage & { id: string })[] = [];
  const calls: number[] = [];
  const faults: Fault[] = [];
  const closing = new AbortController();
  const authorization = `Basic ${btoa(`${key}:${secret}`)}`;

  function take(message: ApiMessage): unknown {
    const id = String(FIRST_ID + BigInt(messages.length));
    messages.push({ ...message, id });
    const to = message.To.map(({ Email }) => ({
      Email,
      MessageUUID: crypto.randomUUID(),
      MessageID: BigInt(id),
      MessageHref: `https://api.mailjet.com/v3/REST/message/${id}`,
    }));
    return { Status: "success", CustomID: message.CustomID ?? "", To: to, Cc: [], Bcc: [] };
  }

  function send(text: string): Response {
    const call = readCall(parse(text));
    if (!Array.isArray(call)) return answer(call.StatusCode, call);
    calls.push(call.length);
    const problems: Problem[][] = call.map((message) => problemsOf(message, senders));
    const entries = call.map((message, i) =>
      problems[i]!.length > 0
        ? { Status: "error", Errors: problems[i] }
        : take(message as ApiMessage)
    );
    const allWrong = problems.every((list) => list.length > 0);
    return answer(allWrong ? problems[0]![0]!.StatusCode : 200, { Messages: entries });
  }

  function search(params: URLSearchParams): Response {
    const found = messages.filter(({ CustomID }) => CustomID === params.get("CustomID"));
    const shown = params.get("ShowCustomID") === "true";
    const data = found.map(({ id, CustomID }) => ({
      ID: BigInt(id),
      Status: "sent",
      CustomID: shown ? CustomID : "",
    }));
    return answer(200, { Count: data.length, Data: data, Total: data.length });
  }

  async function handle(request: Request, { remoteAddr }: Deno.ServeHandlerInfo<Deno.NetAddr>) {
    const { pathname, searchParams } = new URL(request.url);
    const route = `${request.method} ${pathname}`;
    const on = route === "GET /v3/REST/message" ? "lookup" : "send";
    const text = await request.text();
    const index = faults.findIndex((fault) => (fault.on ?? "send") === on);
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0];
    if (fault?.slowMs !== undefined) await pause(fault.slowMs, closing.signal);
    if (fault?.accept) send(text);
    if (fault?.drop) front.cut(remoteAddr.port);
    if (fault && (fault.status || fault.body !== undefined || fault.headers)) {
      const type = { "content-type": "application/json" };
      const headers = { ...type, ...fault.headers };
      return new Response(fault.body ?? "{}", { status: fault.status ?? 200, headers });
    }
    if (fault && (fault.drop || fault.accept)) return new Response();
    if (request.headers.get("authorization") !== authorization) {
      const words = "API key authentication/authorization failure. You may be unauthorized to " +
        "access the API or your API key may be expired.";
      return answer(401, problem("mj-0015", words, undefined, 401));
    }
    if (route === "POST /v3.1/send") return send(text);
    if (route === "GET /v3/REST/message") return search(searchParams);
    return answer(404, problem("mj-0000", "Resource not found", undefined, 404));
  }

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handle);
  const front = startTcpFront(server.addr.port);
  return {
    url: `http://127.0.0.1:${front.port}`,
    key,
    secret,
    messages,
    calls,
    fail(fault, times = 1) {
      for (let i = 0; i < times; i++) faults.push(fault);
    },
    async close() {
      closing.abort();
      await front.close();
      await server.shutdown();
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON in which a bigint is a plain number, as Mailjet writes its ids. */
function answer(status: number, body: unknown): Response {
  const text = JSON.stringify(
    body,
    (_key, value) => typeof value === "bigint" ? `bigint:${value}` : value,
  );
  const headers = { "content-type": "application/json" };
  return new Response(text.replace(/"bigint:(\d+)"/g, "$1"), { status, headers });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = ms === Infinity ? undefined : setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
