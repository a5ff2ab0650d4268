import { assert, assertEquals } from "@std/assert";
import { testApp } from "../support/app.ts";
import { latin1, sendRaw } from "../support/raw_http.ts";
import { sessionValue } from "../support/site.ts";
import { listen, socketOf, type SocketPage, WS_ORIGIN } from "../support/socket_page.ts";
import { until } from "../support/until.ts";

/** A handshake as a program writes it that answers nothing afterwards. */
const handshake = (cookie: string, more: string[]) =>
  [
    "GET /ws HTTP/1.1",
    "host: localhost",
    `origin: ${WS_ORIGIN}`,
    `cookie: cw_session_dev=${cookie}`,
    "upgrade: websocket",
    "sec-websocket-protocol: cw.v1",
    ...more,
  ].join("\r\n") + "\r\n\r\n";
const WHOLE = [
  "connection: upgrade",
  "sec-websocket-version: 13",
  "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
];
/** The frame `null` as a client sends it: masked, with a mask of zeros. */
const NULL_FRAME = [0x81, 0x84, 0, 0, 0, 0, ...latin1("null")];

const isRefused = (page: Promise<SocketPage>) => page.then(() => false, () => true);

Deno.test("a page that floods or sends too much is disconnected", async () => {
  await using t = await testApp();
  await using at = listen(t);
  const ada = await t.person("Ada");
  const flood = await socketOf(t, at.url, ada);
  for (let i = 0; i < 21; i++) flood.send({ type: "ack" });
  assertEquals((await flood.closed).code, 1008);
  const huge = await socketOf(t, at.url, ada);
  huge.send("x".repeat(5_000));
  assertEquals((await huge.closed).code, 1009);
});

Deno.test("a member has five sockets at most", async () => {
  await using t = await testApp();
  await using at = listen(t);
  const ada = await t.person("Ada");
  const pages = [];
  for (let i = 0; i < 5; i++) pages.push(await socketOf(t, at.url, ada));
  assert(await socketOf(t, at.url, ada).then(() => false, () => true));
  pages[0]!.socket.close();
  await pages[0]!.closed;
});

Deno.test("a network has twenty sockets at most, whoever is signed in there", async () => {
  await using t = await testApp();
  await using at = listen(t);
  const pages = [];
  for (let i = 0; i < 4; i++) {
    const person = await t.person(`Person${i}`);
    for (let j = 0; j < 5; j++) pages.push(await socketOf(t, at.url, person));
  }
  const ada = await t.person("Ada");
  assert(await isRefused(socketOf(t, at.url, ada)));
  pages[0]!.socket.close();
  await pages[0]!.closed;
  await until("a place", async () => !await isRefused(socketOf(t, at.url, ada)));
});

Deno.test("a request that is no whole handshake is refused in words, and takes nobody's place", async () => {
  await using t = await testApp();
  await using at = listen(t);
  const ada = await t.person("Ada");
  const cookie = await sessionValue(t, ada);
  for (let i = 0; i < 6; i++) {
    const half = handshake(cookie, ["connection: close"]);
    const { status, text } = await sendRaw(at.port, half);
    assertEquals(status, 400);
    assert(text.includes("Cannot connect: this is a WebSocket"), text);
  }
  for (let i = 0; i < 5; i++) await socketOf(t, at.url, ada);
});

Deno.test("who does not answer that a socket is closed still holds it, until the connection ends", async () => {
  await using t = await testApp();
  await using at = listen(t);
  const ada = await t.person("Ada");
  const cookie = await sessionValue(t, ada);
  const deaf: Deno.Conn[] = [];
  for (let i = 0; i < 5; i++) {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: at.port });
    deaf.push(connection);
    await connection.write(latin1(handshake(cookie, WHOLE)));
    const flood = Array<number[]>(21).fill(NULL_FRAME).flat();
    await connection.write(new Uint8Array(flood));
    let seen = "";
    const chunk = new Uint8Array(4_096);
    while (!seen.includes("too many frames")) { // the reason of the close
      const read = await connection.read(chunk);
      assert(read !== null, seen);
      seen += new TextDecoder("latin1").decode(chunk.subarray(0, read));
    }
  }
  assert(await isRefused(socketOf(t, at.url, ada)));
  for (const connection of deaf) connection.close();
  const page = await until(
    "a place",
    () => socketOf(t, at.url, ada).catch(() => null),
  );
  page.socket.close();
  await page.closed;
});
