import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { poke } from "../../jobs/poke.ts";
import { transact } from "../../kv/transact.ts";
import { backUp, bringBack, inStore } from "../support/backups.ts";
import { say } from "../support/figures.ts";
import { type Machine, machine, OPEN_MAIL } from "../support/machine.ts";
import type { ServerProcess } from "../support/process.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";
import { until } from "../support/until.ts";

const FAST = { MAIL_PER_SECOND: "10000" };

async function stop(server: ServerProcess): Promise<void> {
  server.kill("SIGTERM");
  assertEquals((await server.ended).code, 0, server.output());
}

/** The admin sees on the page what is held, and says there what becomes of it. */
async function release(
  m: Machine,
  { past, mailings }: { past: "send" | "drop"; mailings: number },
) {
  const html = { headers: { accept: "text/html" } };
  const page = await (await m.browser.get("/admin/sending", html)).text();
  assertStringIncludes(page, 'name="past" value="send"');
  assertEquals(/<td>([\d,]+)<\/td>/.exec(page)?.[1], String(mailings), "what is held is said");
  const answer = await m.browser.postForm("/admin/sending/release", { past });
  assertEquals(answer.status, 303, await answer.text());
  const after = await (await m.browser.get("/admin/sending", html)).text();
  assertEquals(after.includes('name="past"'), false, "it is said once");
}

/** What is held looks again each minute: as if one had passed. */
const minuteLater = (m: Machine, jobs: string[]) =>
  inStore(m, async (app) => {
    for (const id of jobs) {
      await transact(app, (tx) => poke({ ...app, waker: { wake() {} } }, tx, id));
    }
  });

Deno.test("none of 500 messages that left after a backup leaves again until an admin says so", async () => {
  const sink = await startSmtpSink();
  // The admin's own sign-ins are told to them by mail, whenever that comes to it.
  const isNews = /^Subject: .*(second factor|recovery code)/im;
  const left = () => sink.messages.filter(({ raw }) => !isNews.test(raw)).length;
  {
    await using m = await machine({ env: { ...OPEN_MAIL, SMTP_URL: sink.url } });
    let backup: string;
    const jobs: string[] = [];
    let waiting: number;
    {
      await using server = await m.start({ MAIL_PER_SECOND: "1" });
      await m.signIn();
      await m.addPhone();
      for (const people of [200, 200, 100]) jobs.push(await m.mail(people));
      const begun = performance.now();
      backup = await backUp(m);
      say(`backup while the server sends, as a task of its own: ${ms(begun)} ms`);
      waiting = 500 - left();
      assert(waiting > 450, `only ${waiting} wait`);
      await stop(server);
    }
    {
      await using server = await m.start(FAST);
      for (const job of jobs) assertEquals((await m.over(job)).progress.done, await size(m, job));
      await stop(server);
    }
    assertEquals(left(), 500);

    const restart = async () => {
      const begun = performance.now();
      assertMatch(await bringBack(m, backup), /an admin says at \/admin\/sending/);
      say(`restore: ${ms(begun)} ms`);
      return await m.start(FAST);
    };
    const decided = async (past: "send" | "drop") => {
      {
        await using server = await restart();
        await m.signIn();
        await release(m, { past, mailings: jobs.length });
        await stop(server);
      }
      await minuteLater(m, jobs);
      return await m.start(FAST);
    };
    const askAnew = async () => {
      const before = left();
      await m.over(await m.mail(1));
      assertEquals(left(), before + 1);
    };
    const isHeld = (id: string, why: string) =>
      until("that it is held", async () => {
        return (await m.job(id)).progress.label === `Held: ${why}; an admin decides`;
      });
    // What is asked for meanwhile is held too. Letters about accounts are not: so that is no delay.
    const nothingLeaves = async () => {
      const before = left();
      await isHeld(await m.mail(1), "the store was restored");
      const asked = await m.browser.post("/api/accounts/reset", { email: "root@example.org" });
      await asked.body?.cancel();
      await until("a letter about an account", () => left() > before);
      assertEquals(left(), before + 1);
    };

    {
      await using server = await restart();
      const old = await m.browser.get("/api/me");
      assertEquals(old.status, 401, "sessions end with a restore");
      await old.body?.cancel();
      await m.signIn();
      for (const id of jobs) await isHeld(id, "it may have left before the restore");
      await nothingLeaves();
      assertEquals(left(), 501);
      await stop(server);
    }
    {
      await using server = await m.start(FAST); // a restart does not release anything
      await nothingLeaves();
      await stop(server);
      assertEquals(left(), 502);
    }
    {
      await using server = await decided("drop");
      const states: Record<string, number> = {};
      for (const id of jobs) {
        for (const { state, reason } of (await m.over(id)).deliveries) {
          states[state] = (states[state] ?? 0) + 1;
          if (state === "skipped") assertEquals(reason, "it may have left before the restore");
        }
      }
      await askAnew();
      assertEquals(left(), 503);
      assert(states["skipped"]! >= waiting - 1, JSON.stringify(states));
      await stop(server);
    }
    {
      await using server = await decided("send");
      for (const id of jobs) await m.over(id);
      const again = left() - 503;
      assert(again >= waiting - 1 && again <= waiting + 1, `${again} left again of ${waiting}`);
      await stop(server);
    }
  }
  await sink.close();
});

const size = async (m: Machine, job: string) => (await m.job(job)).deliveries.length;
const ms = (begun: number) => Math.round(performance.now() - begun);
