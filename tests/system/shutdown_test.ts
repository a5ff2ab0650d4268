import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { say } from "../support/figures.ts";
import { type Machine, machine, OPEN_MAIL, PASSWORD } from "../support/machine.ts";
import type { ServerProcess } from "../support/process.ts";
import { startSendApi } from "../support/send_api.ts";
import { slowLine } from "../support/slow_line.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";
import { until } from "../support/until.ts";

/** Deno Deploy kills 5 s after the signal. */
const GONE_BY_MS = 4_500;

/** Ends a server by a signal. @returns after how many ms it was gone. */
async function stopped(server: ServerProcess, signal: Deno.Signal): Promise<number> {
  const asked = performance.now();
  server.kill(signal);
  const { code, signal: killedBy } = await server.ended;
  const ms = Math.round(performance.now() - asked);
  assertEquals([code, killedBy], [0, null], server.output());
  assertLess(ms, GONE_BY_MS);
  return ms;
}

/** A page's socket, and what ends it. */
async function socketOf(m: Machine): Promise<{ closed: Promise<CloseEvent> }> {
  const socket = m.socket();
  const closed = new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
  await new Promise((resolve) => socket.onmessage = resolve);
  return { closed };
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`${signal} amid a mailing gives it back, and the next start mails the rest once`, async () => {
    const sink = await startSmtpSink();
    {
      await using line = slowLine(sink.port, 10);
      await using m = await machine({
        env: { ...OPEN_MAIL, SMTP_URL: `smtp://127.0.0.1:${line.port}`, MAIL_PER_SECOND: "100" },
      });
      let jobId: string;
      {
        await using server = await m.start();
        await m.signIn();
        const { closed } = await socketOf(m);
        jobId = await m.mail(25);
        await until("some messages", () => sink.messages.length >= 5);
        const ms = await stopped(server, signal);
        say(`${signal} amid a mailing: gone after ${ms} ms`);
        assertEquals((await closed).code, 1001);
      }
      const { state, attempt, silent, token } = await m.stored(jobId);
      assertEquals([state, attempt, silent, token], ["scheduled", 0, 0, null]);
      assertLess(sink.messages.length, 25);

      await using _server = await m.start();
      const { progress, deliveries } = await m.over(jobId);
      assertEquals(progress.done, 25);
      assert(deliveries.every(({ maybeTwice }) => !maybeTwice), "no answer was lost");
    }
    await sink.close();
    assertEquals(sink.messages.length, 25);
    assertEquals(new Set(sink.messages.map(({ to }) => to.join())).size, 25);
  });
}

Deno.test("a mail service that does not answer delays the end by its grace and no more", async () => {
  const api = startSendApi();
  {
    await using m = await machine({
      env: {
        ...OPEN_MAIL,
        MAILJET_API_KEY: api.key,
        MAILJET_API_SECRET: api.secret,
        MAILJET_API_URL: api.url,
        MAIL_SETTLE_SECONDS: "0",
      },
    });
    let jobId: string;
    {
      await using server = await m.start();
      await m.signIn();
      api.fail({ slowMs: Infinity });
      jobId = await m.mail(5);
      await until("a call", async () => (await m.job(jobId)).deliveries[0]?.state === "sending");
      say(
        `SIGTERM amid a call without an answer: gone after ${await stopped(server, "SIGTERM")} ms`,
      );
    }
    const { state, attempt, token } = await m.stored(jobId);
    assertEquals([state, attempt, token], ["scheduled", 0, null]);
    await using _server = await m.start();
    assertEquals((await m.over(jobId)).progress.done, 5);
    assertEquals(new Set(api.messages.map(({ CustomID }) => CustomID)).size, 5);
    assertEquals(api.messages.length, 5);
  }
  await api.close();
});

/** What a peer that is no browser has of a connection. */
class Wire implements Disposable {
  readonly #decoder = new TextDecoder();
  heard = "";

  private constructor(private readonly connection: Deno.TcpConn) {
    void this.#listen();
  }

  static async to(port: number, head: string[]): Promise<Wire> {
    const wire = new Wire(await Deno.connect({ hostname: "127.0.0.1", port }));
    await wire.say([...head, "", ""].join("\r\n"));
    return wire;
  }

  async say(text: string): Promise<void> {
    await this.connection.write(new TextEncoder().encode(text));
  }

  async #listen(): Promise<void> {
    const buffer = new Uint8Array(4_096);
    for (;;) {
      const count = await this.connection.read(buffer).catch(() => null);
      if (count === null) return;
      this.heard += this.#decoder.decode(buffer.subarray(0, count), { stream: true });
    }
  }

  [Symbol.dispose](): void {
    this.connection.close();
  }
}

Deno.test("a request under way is answered before the end, and none is taken after the signal", async () => {
  await using m = await machine();
  await using server = await m.start();
  const body = JSON.stringify({ email: "root@example.org", password: PASSWORD });
  using wire = await Wire.to(m.port, [
    "POST /api/session HTTP/1.1",
    `Host: localhost:${m.port}`,
    `Origin: ${m.origin}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    "Expect: 100-continue", // the server says that it has begun
  ]);
  await until("the beginning", () => wire.heard.startsWith("HTTP/1.1 100"));
  const gone = stopped(server, "SIGTERM");
  await until("a closed door", async () => {
    const answer = await m.browser.get("/healthz");
    await answer.body?.cancel();
    return answer.status === 503;
  });
  await wire.say(body);
  await gone;
  assertMatch(wire.heard, /HTTP\/1\.1 201 /);
});

Deno.test("peers that neither finish nor answer do not keep the server from its end", async () => {
  await using m = await machine();
  await using server = await m.start();
  await m.signIn();
  const head = [`Host: localhost:${m.port}`, `Origin: ${m.origin}`, `Cookie: ${m.cookie()}`];
  using half = await Wire.to(m.port, [
    "POST /api/notes HTTP/1.1",
    ...head,
    "Content-Type: application/json",
    "Content-Length: 1000",
    "Expect: 100-continue",
  ]);
  using deaf = await Wire.to(m.port, [
    "GET /ws HTTP/1.1",
    ...head,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol: cw.v1",
  ]);
  await until("both", () => half.heard.includes(" 100 ") && deaf.heard.includes(`"beat"`));
  say(
    `SIGTERM beside a half request and a deaf socket: gone after ${await stopped(
      server,
      "SIGTERM",
    )} ms`,
  );
});
