import { startSession } from "../../domain/accounts/sessions.ts";
import type { Account } from "../../kv/schema.ts";
import { cookieName } from "../../routes/cookies.ts";
import type { TestApp } from "./app.ts";
import { Client } from "./http.ts";
import { assertAnswerHides } from "./secrets.ts";

/** A browser in front of the whole server, signed in if there is somebody. */
export async function visitor(t: TestApp, account?: Account): Promise<Client> {
  const client = new Client(
    async (request, hostname) => {
      const response = await t.server.fetch(request, {
        remoteAddr: { transport: "tcp", hostname, port: 40_000 },
        completed: Promise.resolve(),
      });
      await assertAnswerHides(t.app, response);
      return response;
    },
    { origin: t.app.config.origin },
  );
  if (account) client.cookies.set(cookieName(t.app), await sessionValue(t, account));
  return client;
}

/** What the cookie of somebody who has just signed in holds. */
export async function sessionValue(t: TestApp, { id, epoch }: Account): Promise<string> {
  return (await startSession(t.app, { accountId: id, epoch, agent: "Test/1.0" })).value;
}

/** The page behind a path, which must be there. */
export async function pageOf(client: Client, path: string): Promise<string> {
  const response = await client.get(path, { headers: { accept: "text/html" } });
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  return await response.text();
}

/** The value of a hidden field of a form on a page. */
export function fieldIn(page: string, name: string): string {
  const field = page.match(new RegExp(`<input[^>]*name="${name}"[^>]*>`))?.[0] ?? "";
  return field.match(/value="([^"]*)"/)?.[1] ?? "";
}
