import { assert, assertEquals } from "@std/assert";
import { minutes } from "../support/clock.ts";
import { ada, member, PASSWORD } from "../support/door.ts";
import type { Client } from "../support/http.ts";
import { mailingApp, pathsTo } from "../support/letters.ts";
import { foreign } from "../support/redirects.ts";
import { fieldIn, visitor } from "../support/site.ts";

const HTML = { headers: { accept: "text/html" } };
/** A longer one is refused with its form. */
const texts = foreign.map((text) => text ?? "").filter(({ length }) => length <= 1_000);

/** Where an answer leads, as a browser understands it. */
async function host(response: Response): Promise<string> {
  await response.body?.cancel();
  assertEquals(response.status, 303);
  return new URL(response.headers.get("location")!, "http://localhost:8000/sign-in").host;
}

async function page(client: Client, path: string): Promise<string> {
  const response = await client.get(path, HTML);
  assertEquals(response.status, 200);
  return await response.text();
}

Deno.test("no page that goes on afterwards leads to another host", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  assert(texts.length >= 60);
  const account = await member(t.app);
  for (const [i, next] of texts.entries()) {
    const encoded = encodeURIComponent(next.toWellFormed());
    const stranger = await visitor(t);
    stranger.from = `198.51.100.${i}`;
    const known = await visitor(t, account);
    t.clock.advance(minutes(11));
    const own: Promise<Response>[] = [
      known.get(`/sign-in?next=${encoded}`, HTML),
      stranger.postForm("/sign-in", { ...ada, next }),
    ];
    for (const response of own) assertEquals(await host(await response), "localhost:8000", next);
    const shown = [
      await page(await visitor(t), `/sign-in?next=${encoded}`),
      await page(await visitor(t), `/sign-in/mail?next=${encoded}`),
      await page(known, `/prove?next=${encoded}`),
    ];
    for (const html of shown) assertEquals(fieldIn(html, "next"), "/", next);
    const asked = await stranger.postForm("/sign-in/mail", { email: account.email, next });
    assertEquals(asked.status, 200);
    await asked.body?.cancel();
    await t.drain();
    const [link = ""] = pathsTo(mailer, account.email, "/sign-in/mail/");
    assert(!link.includes("next"), next);
    const html = await page(stranger, `${link}?next=${encoded}`);
    assertEquals(fieldIn(html, "next"), "/", next);
    assertEquals(await host(await stranger.postForm(link, { next })), "localhost:8000", next);
    t.clock.advance(minutes(11));
    const proof = { password: PASSWORD, next };
    assertEquals(await host(await stranger.postForm("/prove", proof)), "localhost:8000", next);
    assertEquals(await host(await stranger.get(`/prove?next=${encoded}`, HTML)), "localhost:8000");
    t.clock.advance(minutes(14 * 60)); // the letters of a day and the hours of a network
  }
});
