import { assertEquals } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { requestMailing } from "../../domain/mailings.ts";
import { createNote } from "../../domain/notes.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { testApp } from "../support/app.ts";
import { jsonOf } from "../support/http.ts";
import { visitor } from "../support/site.ts";

/** Every door to one thing, by what stands in the place of `:id`. */
const doors: [
  thing: "note" | "job" | "notification" | "mail",
  method: string,
  path: string,
  json?: unknown,
][] = [
  ["note", "GET", "/api/notes/:id"],
  ["note", "PATCH", "/api/notes/:id", { title: "x", text: "x", version: 1 }],
  ["note", "DELETE", "/api/notes/:id"],
  ["note", "POST", "/api/notes/:id/mailings", { to: ["a@example.org"] }],
  ["note", "GET", "/notes/:id"],
  ["note", "GET", "/notes/:id/edit"],
  ["note", "GET", "/notes/:id/mail"],
  ["note", "GET", "/notes/:id/mail/letter"],
  ["note", "POST", "/notes/:id"],
  ["note", "POST", "/notes/:id/mail"],
  ["note", "POST", "/notes/:id/delete"],
  ["note", "POST", "/notes/:id/restore"],
  ["job", "GET", "/api/jobs/:id"],
  ["job", "POST", "/api/jobs/:id/cancel"],
  ["job", "POST", "/api/jobs/:id/retry"],
  ["job", "GET", "/mailings/:id"],
  ["job", "POST", "/mailings/:id/cancel"],
  ["job", "POST", "/mailings/:id/retry"],
  ["notification", "POST", "/api/notifications/read"],
  ["notification", "GET", "/inbox/:id/open"],
  ["mail", "GET", "/outbox/:id"],
  ["mail", "GET", "/outbox/:id/html"],
];

async function world() {
  const t = await testApp();
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob")];
  const note = await createNote(t.app, { ownerId: ada.id, title: "Private", text: "words" });
  const to = ["a@example.org"];
  const job = await requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to });
  await t.drain();
  const [notification] = (await listNotifications(t.app, { accountId: ada.id })).items;
  const ids = { note: note.id, job, notification: notification!.id, mail: `${job}-0` };
  return { t, ids, bob: await visitor(t, bob), nobody: await visitor(t) };
}

/** All that is stored, but for who has been seen when and what commits leave behind. */
async function everything(kv: Deno.Kv): Promise<string> {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  const lasting = entries.filter(({ key }) =>
    !["commit_token", "session"].includes(String(key[0]))
  );
  return JSON.stringify(lasting.map(({ key, versionstamp }) => [key, versionstamp]));
}

Deno.test("another's thing answers byte for byte like one that does not exist, and nothing changes", async () => {
  const { t, ids, bob } = await world();
  await using _ = t;
  const before = await everything(t.kv);
  for (const [thing, method, path, json] of doors) {
    const answer = async (id: string) => {
      const form = method === "POST" && !path.startsWith("/api")
        ? { to: "a@example.org", version: "1", text: "x" }
        : undefined;
      const body = path === "/api/notifications/read" ? { id } : json;
      const response = await bob.send(path.replace(":id", id), { method, json: body, form });
      const text = (await response.text()).replaceAll(id, "ID")
        .replace(/nonce="[^"]*"|name="draft" value="[^"]*"|"draftId":"[^"]*"/g, "");
      return [response.status, text];
    };
    const [status, theirs] = await answer(ids[thing]);
    assertEquals(status, 404, `${method} ${path}`);
    const unknown = thing === "mail" ? `${newId()}-0` : newId();
    assertEquals([status, theirs], await answer(unknown), `${method} ${path}`);
    assertEquals((await answer("no id at all"))[0], 404, `${method} ${path} with nonsense`);
  }
  assertEquals(await everything(t.kv), before);
});

Deno.test("a stranger is sent to sign in, or told 401, at every such door", async () => {
  const { t, ids, nobody } = await world();
  await using _ = t;
  for (const [thing, method, path, json] of doors) {
    const api = path.startsWith("/api");
    const form = method === "POST" && !api ? {} : undefined;
    const body = path === "/api/notifications/read" ? {} : json;
    const response = await nobody.send(path.replace(":id", ids[thing]), {
      method,
      json: body,
      form,
    });
    await response.body?.cancel();
    assertEquals(response.status, api ? 401 : 303, `${method} ${path}`);
  }
});

Deno.test("no field that is not asked for is taken: nobody makes themselves somebody else", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  for (const extra of ["ownerId", "role", "id", "version", "deletedAt", "__proto__"]) {
    const raw = `{"title":"T","text":"x","${extra}":"admin"}`;
    const headers = { "content-type": "application/json" };
    const response = await ada.send("/api/notes", { method: "POST", raw, headers });
    assertEquals(response.status, 400, extra);
    await response.body?.cancel();
  }
  const { items } = await jsonOf<{ items: unknown[] }>(await ada.get("/api/notes"));
  assertEquals(items, []);
});
