import { assert, assertEquals, assertMatch } from "@std/assert";
import { releaseRestored } from "../../domain/sending.ts";
import type { App } from "../../core/app.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
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

/** The admin says what becomes of what was asked for before the restore, while no server runs. */
const release = (m: Machine, past: "send" | "drop") =>
  inStore(m, async (app) => {
    const [admin] = await list(app, ranges.accounts);
    await releaseRestored(app as App, { by: admin!, past });
  });

Deno.test("none of 500 messages that left after a backup leaves again until an admin says so", async () => {
  const sink = await startSmtpSink();
  {
    await using m = await machine({ env: { ...OPEN_MAIL, SMTP_URL: sink.url } });
    let backup: string;
    const jobs: string[] = [];
    let waiting: number;
    {
      await using server = await m.start({ MAIL_PER_SECOND: "1" });
      await m.signIn();
      for (const people of [200, 200, 100]) jobs.push(await m.mail(people));
      const begun = performance.now();
      backup = await backUp(m);
      say(`backup while the server sends, as a task of its own: ${ms(begun)} ms`);
      waiting = 500 - sink.messages.length;
      assert(waiting > 450, `only ${waiting} wait`);
      await stop(server);
    }
    {
      await using server = await m.start(FAST);
      for (const job of jobs) assertEquals((await m.over(job)).progress.done, await size(m, job));
      await stop(server);
    }
    assertEquals(sink.messages.length, 500);

    const restart = async (past: "send" | "drop" | null) => {
      const begun = performance.now();
      assertMatch(await bringBack(m, backup), /an admin says at \/admin/);
      say(`restore: ${ms(begun)} ms`);
      if (past !== null) await release(m, past);
      return await m.start(FAST);
    };
    // What is asked for afterwards leaves at once: so those that do not are held, and not just late.
    const askAnew = async () => {
      const before = sink.messages.length;
      await m.over(await m.mail(1));
      assertEquals(sink.messages.length, before + 1);
    };

    {
      await using server = await restart(null);
      const old = await m.browser.get("/api/me");
      assertEquals(old.status, 401, "sessions end with a restore");
      await old.body?.cancel();
      await m.signIn();
      for (const id of jobs) {
        const held = /^Held: it may have left before the restore; an admin decides$/;
        await until("that it is held", async () => held.test((await m.job(id)).progress.label));
      }
      await askAnew();
      assertEquals(sink.messages.length, 501);
      await stop(server);
    }
    {
      await using server = await m.start(FAST); // a restart does not release anything
      await askAnew();
      await stop(server);
      assertEquals(sink.messages.length, 502);
    }
    {
      await using server = await restart("drop");
      await m.signIn();
      const states: Record<string, number> = {};
      for (const id of jobs) {
        for (const { state, reason } of (await m.over(id)).deliveries) {
          states[state] = (states[state] ?? 0) + 1;
          if (state === "skipped") assertEquals(reason, "it may have left before the restore");
        }
      }
      await askAnew();
      assertEquals(sink.messages.length, 503);
      assert(states["skipped"]! >= waiting - 1, JSON.stringify(states));
      await stop(server);
    }
    {
      await using server = await restart("send");
      await m.signIn();
      for (const id of jobs) await m.over(id);
      const again = sink.messages.length - 503;
      assert(again >= waiting - 1 && again <= waiting + 1, `${again} left again of ${waiting}`);
      await stop(server);
    }
  }
  await sink.close();
});

const size = async (m: Machine, job: string) => (await m.job(job)).deliveries.length;
const ms = (begun: number) => Math.round(performance.now() - begun);
