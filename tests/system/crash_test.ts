import { assert, assertEquals, assertLess, assertLessOrEqual } from "@std/assert";
import type { WorkView } from "../../domain/work.ts";
import { say } from "../support/figures.ts";
import { type Machine, machine, OPEN_MAIL } from "../support/machine.ts";
import { seeded } from "../support/random.ts";
import { startSendApi } from "../support/send_api.ts";
import { slowLine } from "../support/slow_line.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";
import { until } from "../support/until.ts";

const KILLS = 20;
const PEOPLE = 200;
/** A seed given brings back the moments of an earlier run. */
const seed = Number(Deno.env.get("SEED") ?? Math.floor(Math.random() * 2 ** 32));

/** Notes when each call came to a mail service. */
function timesOf(calls: readonly unknown[]): Disposable & { at: number[] } {
  const at: number[] = [];
  const timer = setInterval(() => {
    while (at.length < calls.length) at.push(performance.now());
  }, 5);
  return { at, [Symbol.dispose]: () => clearInterval(timer) };
}

/**
 * Has a note mailed by a server that is killed again and again. `calls` are those that the mail
 * service has heard.
 *
 * @returns how it ended, by the ledger.
 */
async function mailAmidKills(m: Machine, calls: readonly unknown[]): Promise<WorkView> {
  const random = seeded(seed);
  using came = timesOf(calls);
  const lives: { from: number; to: number; calls: number }[] = [];
  let jobId = "";
  let work: WorkView | null = null;
  while (work === null) {
    await using server = await m.start();
    const [from, before] = [performance.now(), calls.length];
    if (jobId === "") {
      await m.signIn();
      jobId = await m.mail(PEOPLE);
    }
    if (lives.length < KILLS) {
      await new Promise((resolve) => setTimeout(resolve, 150 + random() * 700));
      // Three deaths in a row without an answer would be taken, rightly, for a job that kills its
      // process. The first answer has been written down when the second call comes.
      if ((lives.at(-1)?.calls ?? 0) < 2) {
        await until("an answer", () => calls.length > before + 1);
      }
      server.kill("SIGKILL");
      await server.ended;
    } else {
      work = await m.over(jobId);
    }
    lives.push({ from, to: performance.now(), calls: calls.length - before });
  }
  const after = lives.slice(1).flatMap(({ from, to }) => {
    const first = came.at.find((at) => at > from && at < to);
    return first === undefined ? [] : [Math.round(first - from)];
  });
  const amid = lives.slice(0, -1).reduce((sum, { calls }) => sum + calls, 0);
  say(`seed ${seed}: ${amid} of ${calls.length} calls amid ${KILLS} kills`);
  say(`from ready to the first call in ${after.length} later lives: ${after.join(" ")} ms`);
  assertLess(Math.max(...after), 2_000, "interrupted work runs again within two seconds");
  assertEquals([work.state, work.reason], ["completed", null]);
  assertEquals(work.progress, { ...work.progress, done: PEOPLE, failed: 0, total: PEOPLE });
  assertEquals(work.deliveries.filter(({ state }) => state !== "sent"), []);
  return work;
}

/** How often each address got it. */
function countsOf(addresses: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const address of addresses) counts.set(address, (counts.get(address) ?? 0) + 1);
  return counts;
}

const twiceIn = (counts: Map<string, number>) =>
  [...counts].filter(([, count]) => count > 1).map(([address]) => address);

Deno.test("amid 20 kills nobody of 200 is lost or mailed twice by a service that can be asked", async () => {
  const api = startSendApi();
  {
    await using line = slowLine(Number(new URL(api.url).port), 30);
    await using m = await machine({
      env: {
        ...OPEN_MAIL,
        MAILJET_API_KEY: api.key,
        MAILJET_API_SECRET: api.secret,
        MAILJET_API_URL: `http://127.0.0.1:${line.port}`,
        MAIL_SETTLE_SECONDS: "0",
        MAIL_PER_SECOND: "5", // and a second's worth at once after each start
      },
    });
    const { deliveries } = await mailAmidKills(m, api.calls);
    const said = (text: string) =>
      deliveries.filter(({ ledger }) => ledger.some((line) => line.text.includes(text))).length;
    say(`in doubt: ${said("No clear answer")}, found there: ${said("it was accepted")}`);
  }
  await api.close();
  const counts = countsOf(api.messages.map(({ To }) => To[0]!.Email));
  assertEquals([counts.size, twiceIn(counts)], [PEOPLE, []], "all of them, none twice");
});

Deno.test("amid 20 kills nobody of 200 is lost over SMTP, and who may have got it twice is marked", async () => {
  const sink = await startSmtpSink();
  const marked: string[] = [];
  {
    await using line = slowLine(sink.port, 8);
    const env = {
      ...OPEN_MAIL,
      QUEUES: "off",
      SMTP_URL: `smtp://127.0.0.1:${line.port}`,
      MAIL_PER_SECOND: "40",
    };
    await using m = await machine({ env });
    const { deliveries } = await mailAmidKills(m, sink.messages);
    for (const { maybeTwice, to } of deliveries) if (maybeTwice) marked.push(to);
  }
  await sink.close();
  const counts = countsOf(sink.messages.map(({ to }) => to[0]!));
  const twice = twiceIn(counts);
  say(`twice: ${twice.length}, marked: ${marked.length}`);
  assertEquals(counts.size, PEOPLE, "all of them");
  assert(twice.every((address) => marked.includes(address)), `${twice} of ${marked}`);
  assertLessOrEqual(marked.length, KILLS, "one answer is under way at a time");
});
