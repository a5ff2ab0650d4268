import { createNote } from "../../domain/notes.ts";
import type { BotScene } from "./bot_scene.ts";
import { hours } from "./clock.ts";
import type { Client } from "./http.ts";
import { zipOf } from "./zips.ts";

/** One way in which a member can try to have somebody mailed. */
export interface AbuseDoor {
  name: string;
  /** Tries to mail each of these, all at once. */
  all(to: readonly string[]): Promise<void>;
}

/** What a door may answer: anything but a failure of ours. */
const ANSWERS = [200, 201, 202, 303, 400, 409, 429];

/** Every door at which addresses of others can be given. */
export async function abuseDoors(s: BotScene, browser: Client): Promise<AbuseDoor[]> {
  const { app } = s.t;
  const note = await createNote(app, { ownerId: s.ada.id, title: "Buy now", text: "Cheap!" });
  const doors: Record<string, (to: string) => Promise<Response>> = {
    page: (to) => browser.postForm(`/notes/${note.id}/mail`, { to, step: "send" }),
    API: (to) => browser.post(`/api/notes/${note.id}/mailings`, { to }),
    reminder: (to) =>
      browser.post("/api/reminders", { when: "buy now in 2 hours", channels: { mail: [to] } }),
    "form of recipients": (to) => browser.postForm("/recipients", { to }),
    "API of recipients": (to) => browser.post("/api/recipients", { to }),
  };
  const web = Object.entries(doors).map(([name, ask]): AbuseDoor => ({
    name,
    async all(to) {
      const answers = await Promise.all(to.map(ask));
      for (const answer of answers) await settled(answer);
    },
  }));
  return [...web, chatDoor(s), importDoor(s, browser)];
}

async function settled(answer: Response): Promise<void> {
  await answer.body?.cancel();
  if (!ANSWERS.includes(answer.status)) throw new Error(`a door answered ${answer.status}`);
}

/** Says all the addresses one by one, and then presses all the buttons at once. */
function chatDoor(s: BotScene): AbuseDoor {
  return {
    name: "chat",
    async all(to) {
      await s.say("Buy now");
      const note = s.last();
      const asked = [];
      for (const one of to) {
        await s.press("Mail it", note);
        const said = await s.say(one);
        if (said.text.startsWith("Mail")) asked.push(said);
        s.t.clock.advance(2_000);
      }
      await Promise.all(asked.map((said) => s.press("Mail", said)));
    },
  };
}

/** A file with a reminder for each of them, as their own account elsewhere may have written it. */
function importDoor(s: BotScene, browser: Client): AbuseDoor {
  return {
    name: "import",
    async all(to) {
      const startAt = new Date(s.t.clock.now() + hours(2)).toISOString();
      const schedule = { zone: "UTC", start: startAt.slice(0, 19), startAt };
      const reminders = to.map((one, i) => ({
        id: `r${i}`,
        title: "Buy now",
        schedule,
        channels: { page: true, telegram: false, mail: [one] },
      }));
      const recipients = to.map((address) => ({ address, state: "accepted" }));
      const account = { format: "clock-work", version: 1, recipients };
      const files = { "account.json": account, "reminders/1.json": reminders };
      const texts = Object.entries(files).map(([name, value]) => [name, JSON.stringify(value)]);
      const form = new FormData();
      form.set("file", new Blob([zipOf(Object.fromEntries(texts))]), "data.zip");
      const headers = { accept: "text/html" };
      await settled(
        await browser.send("/account/data/import", { method: "POST", raw: form, headers }),
      );
    },
  };
}
