import { assert, assertEquals } from "@std/assert";
import { type TestApp, testApp } from "../support/app.ts";
import { door, member, PASSWORD } from "../support/door.ts";
import { seeded } from "../support/random.ts";

/** The doors behind a real HTTP server, as browsers and others reach them. */
function wire(t: TestApp) {
  let handled = 0;
  const fetch = door(t.app, {
    rates: { anonymous: { burst: 1e6, perSecond: 1 }, signedIn: { burst: 1e6, perSecond: 1 } },
    add: (http) => {
      http.post("/api/sized", async (c) => {
        const { byteLength } = await c.req.arrayBuffer();
        handled++;
        return c.json({ byteLength });
      });
      http.get("/ws", (c) => {
        const { socket, response } = Deno.upgradeWebSocket(c.req.raw);
        socket.onmessage = ({ data }) => socket.send(data);
        return response;
      });
    },
  });
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request, { remoteAddr }) => fetch(request, (remoteAddr as Deno.NetAddr).hostname),
  );
  const { port } = server.addr;
  return {
    port,
    base: `http://127.0.0.1:${port}`,
    handled: () => handled,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Sends the head of a request and then a body until the answer comes; returns its first line. */
async function pour(port: number, length: string, most: number) {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const chunked = length.startsWith("Transfer");
  const write = async (text: string) => {
    for (let bytes = new TextEncoder().encode(text); bytes.length > 0;) {
      bytes = bytes.subarray(await connection.write(bytes));
    }
  };
  await write(
    "POST /api/sized HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:8000\r\n" +
      `Content-Type: application/json\r\n${length}\r\n\r\n`,
  );
  let answer = "";
  const reading = (async () => {
    const buffer = new Uint8Array(4_096);
    const count = await connection.read(buffer).catch(() => null);
    answer = new TextDecoder().decode(buffer.subarray(0, count ?? 0));
  })();
  const chunk = "a".repeat(16_384);
  let sent = 0;
  for (; answer === "" && sent < most; sent += chunk.length) {
    await write(chunked ? `4000\r\n${chunk}\r\n` : chunk).catch(() => sent = most);
  }
  await reading;
  return answer.split("\r\n")[0];
}

for (const length of ["Transfer-Encoding: chunked", "Content-Length: 300000000"]) {
  Deno.test(`300 MB with ${length} are refused over TCP before they are sent`, async () => {
    await using t = await testApp();
    await using server = wire(t);
    assertEquals(await pour(server.port, length, 300e6), "HTTP/1.1 413 Payload Too Large");
    assertEquals(server.handled(), 0);
  });
}

Deno.test("a page over TCP signs in and out without a type where there is no body", async () => {
  await using t = await testApp();
  await using server = wire(t);
  await member(t.app);
  const origin = t.app.config.origin;
  const entered = await fetch(`${server.base}/api/session`, {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: JSON.stringify({ email: "ada@example.org", password: PASSWORD }),
  });
  assertEquals(entered.status, 201);
  await entered.body?.cancel();
  const cookie = entered.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const options = { method: "DELETE", headers: { origin, cookie } };
  const left = await fetch(`${server.base}/api/session`, options);
  assertEquals([left.status, left.headers.get("clear-site-data")], [204, `"cache", "storage"`]);
});

Deno.test("a socket opens through the guards", async () => {
  await using t = await testApp();
  await using server = wire(t);
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`);
  const next = (type: "open" | "message" | "close") =>
    new Promise<Event>((resolve) => socket.addEventListener(type, resolve, { once: true }));
  await next("open");
  const heard = next("message");
  socket.send("hello");
  assertEquals((await heard as MessageEvent).data, "hello");
  const closed = next("close");
  socket.close();
  await closed;
});

Deno.test("no request of two thousand odd ones makes the server fail", async () => {
  await using t = await testApp();
  await member(t.app);
  const fetch = door(t.app, {
    rates: { anonymous: { burst: 1e6, perSecond: 1 }, signedIn: { burst: 1e6, perSecond: 1 } },
  });
  const random = seeded(20_261_123);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const odd = [
    "",
    "a",
    "%00",
    "%ff",
    "%c0%af",
    "..",
    "%2e%2e",
    "%",
    "%zz",
    "\u{1f600}",
    "__proto__",
    "-1",
    "1e999",
    "9".repeat(400),
    "a".repeat(3_000),
    "\\",
    "'\";--",
    "<script>",
    "%0d%0aX: y",
    "null",
  ];
  const values = [
    "null",
    "true",
    "-0",
    "1e308",
    "1e999",
    "[]",
    "{}",
    '""',
    '"\\u0000"',
    '"\\ud800"',
    '"\\udc00a"',
    '{"__proto__":{"role":"admin"}}',
    '{"constructor":{"prototype":1}}',
    "[[[[[[1]]]]]]",
    "\u0000",
    '"\u202e"',
    `"${"é".repeat(2_000)}"`,
    "NaN",
    "'a'",
    "{",
    '{"a":1,"a":2}',
    '"ada@example.org"',
  ];
  const paths = ["/api/session", "/api/accounts", "/api/me", "/api/me/password", "/", "/api"];
  const names = ["email", "password", "name", "zone", "current", "__proto__", "role", ""];
  const cookies = [
    "",
    "cw_session_dev=",
    "cw_session_dev=%",
    "=",
    ";;;",
    'cw_session_dev="',
    "a=b; a=c",
  ];
  for (let i = 0; i < 2_000; i++) {
    const path = `${pick(paths)}${pick(["", "/", "?", "/x"])}${pick(odd)}${pick(["", "&a=", "#"])}`;
    const method = pick(["GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS"]);
    const fields = Array.from({ length: 1 + i % 4 }, () => `"${pick(names)}":${pick(values)}`);
    const body = pick([
      `{${fields.join()}}`,
      pick(values),
      fields.join("&"),
      new Uint8Array([0xff]),
    ]);
    const request = new Request(`http://localhost:8000${path}`, {
      method,
      body: method === "GET" || method === "HEAD" ? null : body,
      headers: {
        "origin": "http://localhost:8000",
        "content-type": pick(["application/json", "application/json; charset=utf-16", "x"]),
        "cookie": pick(cookies),
        "x-forwarded-for": pick(["", "1", ",,,", "::::", "[", "1.2.3.4:x"]),
        "accept": pick(["", "text/html", "*/*;q=x"]),
        "user-agent": pick(["", "\x7f", "a".repeat(900)]),
      },
    });
    const response = await fetch(request, pick(["203.0.113.7", "::1", "", "odd"]));
    assert(response.status < 500, `${method} ${path} ${body}: ${response.status}`);
    await response.body?.cancel();
  }
  assert(!t.lines.some((line) => line.includes("request_failed")));
});
