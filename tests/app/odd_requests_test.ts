import { assert, assertEquals, assertLess } from "@std/assert";
import { startLink } from "../../domain/chats/chat_links.ts";
import { findSession, startSession } from "../../domain/accounts/sessions.ts";
import { testApp } from "../support/app.ts";
import { latin1, sendRaw } from "../support/raw_http.ts";
import { sessionValue, visitor } from "../support/site.ts";
import { until } from "../support/until.ts";

Deno.test("who is signed in on many devices links a chat like anybody else", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const given = { accountId: ada.id, epoch: ada.epoch, agent: "Test/1.0" };
  let value = "";
  for (let i = 0; i < 20; i++) ({ value } = await startSession(t.app, given));
  const { session } = (await findSession(t.app, value))!;
  const { code } = await startLink(t.app, { accountId: ada.id, sessionId: session.id });
  assert(code.length > 0);
});

Deno.test("an id of three thousand characters is one that is not there", async () => {
  await using t = await testApp();
  const ada = await visitor(t, await t.person("Ada"));
  for (const place of ["/outbox/:id", "/notes/:id", "/api/jobs/:id", "/inbox/:id/open"]) {
    const answer = await ada.get(place.replace(":id", "a".repeat(3_000)));
    assertEquals(answer.status, 404, place);
    await answer.body?.cancel();
  }
});

Deno.test("a time zone that is none brings the form back", async () => {
  await using t = await testApp();
  const nobody = await visitor(t);
  const form = { email: "ada@example.org", zone: "Mars/Base" }; // what else is wrong is said first
  const answer = await nobody.postForm("/sign-up", form);
  assertEquals(answer.status, 400);
  assert((await answer.text()).includes("<form"));
});

Deno.test("a body that no door reads does not keep its connection open", async () => {
  await using t = await testApp();
  await using http = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request, info) => t.server.fetch(request, info),
  );
  const body = "a".repeat(50_000);
  const head = [
    "POST /nothing HTTP/1.1",
    "host: localhost",
    "connection: close",
    `origin: ${t.app.config.origin}`,
    "content-type: application/x-www-form-urlencoded",
    `content-length: ${body.length}`,
  ];
  const { status, ms } = await sendRaw(http.addr.port, head.join("\r\n") + "\r\n\r\n" + body);
  assertEquals(status, 404);
  assertLess(ms, 4_000);
});

Deno.test("who hangs up in the middle of a body has made a mistake, and not we", async () => {
  await using t = await testApp();
  const cookie = `cw_session_dev=${await sessionValue(t, await t.person("Ada"))}`;
  const doors = [
    ["/api/session", "application/json", "{"],
    ["/sign-in", "application/x-www-form-urlencoded", "email=a"],
    ["/account/data/import", "multipart/form-data; boundary=B", "--B\r\n\r\nPK"],
  ];
  for (const [path, type, begun] of doors) {
    const answers: Promise<Response>[] = [];
    await using http = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request, info) => {
        const answer = Promise.resolve(t.server.fetch(request, info));
        answers.push(answer);
        return answer;
      },
    );
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: http.addr.port });
    const head = [
      `POST ${path} HTTP/1.1`,
      "host: localhost",
      `origin: ${t.app.config.origin}`,
      `cookie: ${cookie}`,
      `content-type: ${type}`,
      "content-length: 1000",
    ];
    await connection.write(latin1(head.join("\r\n") + "\r\n\r\n" + begun));
    await until("the request", () => answers.length > 0);
    connection.close();
    assertEquals((await answers[0])?.status, 400, path);
  }
  assertEquals(t.lines.filter((line) => line.includes("request_failed")), []);
});
