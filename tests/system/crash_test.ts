import { assert, assertEquals, assertLess } from "@std/assert";
import type { WorkView } from "../../domain/work.ts";
import { say } from "../support/figures.ts";
import { type Machine, machine } from "../support/machine.ts";
import { seeded } from "../support/random.ts";
import { startSendApi } from "../support/send_api.ts";
import { slowLine } from "../support/slow_line.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";
import { until } from "../support/until.ts";

const KILLS = 20;
const PEOPLE = 200;
/** The moments of an earlier run come again with its seed. */
const seed = Number(Deno.env.get("SEED") ?? Math.floor(Math.random() * 2 ** 32));

const policy = { MAIL_FROM: "clock@example.org", RECIPIENT_CHECK: "off", SIGNUP: "closed" };

/** Notes when each message came. */
function timesOf(messages: readonly unknown[]): Disposable & { at: number[] } {
  const at: number[] = [];
  const timer = setInterval(() => {
    while (at.length < messages.length) at.push(performance.now());
  }, 5);
  return { at, [Symbol.dispose]: () => clearInterval(timer) };
}

/** Has a note mailed by a server that is killed again and again; says what the ledger has at the end. */
async function mailAmidKills(m: Machine, taken: readonly unknown[]): Promise<WorkView> {
  const random = seeded(seed);
  using came = timesOf(taken);
  const lives: { from: number; to: number }[] = [];
  let work: WorkView | null = null;
  let jobId = "";
  while (work === null) {
    await using server = await m.start();
    const from = performance.now();
    if (jobId === "") {
      await m.signIn();
      jobId = await m.mail(PEOPLE);
    }
    if (lives.length < KILLS) {
      await new Promise((resolve) => setTimeout(resolve, 150 + random() * 700));
      server.kill("SIGKILL");
      await server.ended;
    } else {
      work = await until("the end of the mailing", async () => {
        const work = await m.job(jobId);
        return work.finishedAt !== null && work;
      }, 60_000);
    }
    lives.push({ from, to: performance.now() });
  }
  const after = lives.slice(1).flatMap(({ from, to }) => {
    const first = came.at.find((at) => at > from && at < to);
    return first === undefined ? [] : [first - from];
  });
  const amid = came.at.filter((at) => at < lives.at(-1)!.from).length;
  say(
    `seed ${seed}: ${amid} of ${PEOPLE} amid ${KILLS} kills; from ready to the first message ` +
      `in ${after.length} lives, ms: ${after.map(Math.round).join(" ")}`,
  );
  assertLess(Math.max(...after), 2_000, "interrupted work runs again within two seconds");
  return work;
}

/** How often each address was taken. */
function countsOf(addresses: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const address of addresses) counts.set(address, (counts.get(address) ?? 0) + 1);
  return counts;
}

Deno.test("of 200 people mailed amid 20 kills nobody is left out or mailed twice where the mail service can be asked", async () => {
  const api = startSendApi();
  {
    await using line = slowLine(Number(new URL(api.url).port), 30);
    await using m = await machine({
      env: {
        ...policy,
        MAILJET_API_KEY: api.key,
        MAILJET_API_SECRET: api.secret,
        MAILJET_API_URL: `http://127.0.0.1:${line.port}`,
        MAIL_SETTLE_SECONDS: "0",
        MAIL_PER_SECOND: "6",
      },
    });
    const { state, progress, deliveries } = await mailAmidKills(m, api.messages);
    const counts = countsOf(api.messages.map(({ To }) => To[0]!.Email));
    assertEquals([state, progress.done, progress.failed], ["completed", PEOPLE, 0]);
    assertEquals(counts.size, PEOPLE, "lost");
    assertEquals([...counts].filter(([, count]) => count > 1), [], "twice");
    assert(deliveries.every(({ state }) => state === "sent"));
    const asked = deliveries.filter(({ ledger }) =>
      ledger.some(({ text }) => text.startsWith("No clear answer"))
    );
    say(
      `in doubt: ${asked.length}; found to have been accepted: ${
        asked.filter(({ ledger }) => ledger.at(-1)?.text.includes("has it")).length
      }`,
    );
  }
  await api.close();
});

Deno.test("of 200 people mailed amid 20 kills over SMTP nobody is left out, and whoever may have been mailed twice is marked", async () => {
  const sink = await startSmtpSink();
  {
    await using line = slowLine(sink.port, 8);
    await using m = await machine({
      env: { ...policy, SMTP_URL: `smtp://127.0.0.1:${line.port}`, MAIL_PER_SECOND: "40" },
    });
    const { state, progress, deliveries } = await mailAmidKills(m, sink.messages);
    const counts = countsOf(sink.messages.map(({ to }) => to[0]!));
    assertEquals([state, progress.done, progress.failed], ["completed", PEOPLE, 0]);
    assertEquals(counts.size, PEOPLE, "lost");
    assert(deliveries.every(({ state }) => state === "sent"));
    const marked = deliveries.filter(({ maybeTwice }) => maybeTwice).map(({ to }) => to);
    const twice = [...counts].filter(([, count]) => count > 1).map(([to]) => to);
    say(`twice: ${twice.length}; marked: ${marked.length}`);
    assertEquals(twice.filter((to) => !marked.includes(to)), [], "twice and not marked");
    assertLess(marked.length, KILLS + 1, "at most one answer is under way at a kill");
  }
  await sink.close();
});
