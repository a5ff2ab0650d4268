import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import type { TestApp } from "./app.ts";
import { type Client, jsonOf } from "./http.ts";
import { confirmBroadcast } from "./broadcasts.ts";

/** An admin in front of the doors. */
export interface Scene {
  t: TestApp;
  root: Account;
  client: Client;
}

/** Asks for a letter with a string in one of its lines. Its status tells whether the door took it. */
export type Way = (scene: Scene, text: string) => Promise<Response>;

const title: Way = ({ client }, title) => client.post("/api/notes", { title, text: "words" });
const firstLine: Way = ({ client }, text) => client.post("/api/notes", { text: `${text}\nwords` });
const mailIt = (make: Way): Way => async (scene, text) => {
  const response = await make(scene, text);
  if (response.status !== 201) return response;
  const { id } = await jsonOf<{ id: string }>(response);
  return await scene.client.post(`/api/notes/${id}/mailings`, { to: ["bob@example.net"] });
};

/** Every way to have one's words in a line of a letter. */
export const ways: Record<string, Way> = {
  "a note's title": mailIt(title),
  "a note's first line": mailIt(firstLine),
  "a recipient": async (scene, text) => {
    const { id } = await jsonOf<{ id: string }>(await title(scene, "Milk"));
    const to = [`bob@example.net${text.slice(4)}`];
    return await scene.client.post(`/api/notes/${id}/mailings`, { to });
  },
  "a sender's name": async (scene, name) => {
    const response = await scene.client.patch("/api/me", { name });
    if (response.status !== 200) return response;
    return await mailIt(title)(scene, "Milk");
  },
  "a reminder's title": async ({ client, t, root }, title) => {
    const channels = { page: true, telegram: false, mail: [root.email] };
    const response = await client.post("/api/reminders", {
      title,
      text: "words",
      when: "in 5 min",
      channels,
    });
    t.clock.advance(310_000);
    return response;
  },
  "an announcement's title": async ({ client, t, root }, title) => {
    const channels = { mail: true, telegram: false };
    const draft = { title, text: "words", channels, when: { is: "now" } };
    const response = await client.post("/api/broadcasts", draft);
    if (response.status !== 201) return response;
    const { id } = await jsonOf<{ id: string }>(response);
    const { version } = (await read(t.app, keys.broadcast(id)))!;
    await confirmBroadcast(t.app, { id, adminId: root.id, version, members: 1 });
    t.clock.advance(600_000); // before that there is no other
    return response;
  },
};

/** Who gets the letter where it is not Bob. */
export const PEOPLE: Record<string, string> = {
  "a reminder's title": "root@example.org",
  "an announcement's title": "root@example.org",
};
