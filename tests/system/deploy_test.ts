/** The server in the shape that it has on Deno Deploy. */
import { assertEquals, assertLess, assertMatch } from "@std/assert";
import type { AdminJobView } from "../../domain/admin/admin_jobs.ts";
import type { WorkView } from "../../domain/work.ts";
import { say } from "../support/figures.ts";
import { Client, jsonOf } from "../support/http.ts";
import { addPhone, PASSWORD } from "../support/machine.ts";
import { freePort, startProcess } from "../support/process.ts";
import { until } from "../support/until.ts";

const ORIGIN = "https://clock.example.org";

/**
 * All that the platform allows, but for what nothing here may count on there: files that are kept, and
 * any file but those that came with the code.
 */
const FLAGS = [
  "--frozen",
  "--no-prompt",
  "--allow-net",
  "--allow-sys",
  "--allow-env",
  "--allow-read=static",
];

/** Settings that an operator makes there, beside the platform's own two. */
const SETTINGS = {
  ORIGIN,
  ADMIN_EMAIL: "root@example.org",
  ADMIN_PASSWORD: PASSWORD,
  SMTP_URL: "smtp://127.0.0.1:9",
  MAIL_FROM: "clock@example.org",
  SIGNUP: "closed",
  QUEUES: "off",
  KV_PATH: "",
  DENO_DEPLOYMENT_ID: "a1b2c3",
};

/**
 * A place for the store that Deno brings when no path is said; it goes by the cache's folder, so that is
 * one of our own, with the packages of the real one.
 */
async function platform() {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { npmCache, typescriptCache } = JSON.parse(new TextDecoder().decode(stdout));
  const dir = await Deno.makeTempDir({ prefix: "clock_work_" });
  await Deno.symlink(npmCache, `${dir}/npm`);
  await Deno.symlink(typescriptCache, `${dir}/gen`);
  const port = freePort();
  // What terminates https stands before it.
  const browser = new Client(
    (request) =>
      fetch(new Request(request.url.replace(ORIGIN, `http://localhost:${port}`), request), {
        redirect: "manual",
      }),
    { origin: ORIGIN },
  );
  return {
    browser,
    /** Starts an instance. Resolves when it takes requests. */
    async start(timeline: string) {
      const env = { ...SETTINGS, DENO_DIR: dir, DENO_TIMELINE: timeline };
      const instance = await startProcess({ dir, port, env, flags: FLAGS });
      await instance.says(/"event":"listening"/);
      const alive = await browser.get("/healthz"); // from then on it also hears signals
      assertEquals(await jsonOf(alive), { ok: true });
      return instance;
    },
    async signIn() {
      const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = SETTINGS;
      const entered = await browser.post("/api/session", { email, password });
      assertEquals(entered.status, 201, await entered.text());
    },
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

Deno.test("on Deploy an instance is told to go, another takes over, and the minute's cron wakes it", async () => {
  await using p = await platform();
  let job: string;
  {
    await using first = await p.start("production");
    assertMatch(first.output(), /"mailer":"smtp"/);
    await p.signIn();
    await addPhone(p.browser);
    const started = await p.browser.postForm("/progress", { how: "whole" });
    await started.body?.cancel();
    job = started.headers.get("location")?.split("job=")[1] ?? "";
    await until("some progress", async () => (await work(job)).progress.done > 3);
    const told = performance.now();
    first.kill("SIGINT");
    const { code, signal } = await first.ended;
    const ms = Math.round(performance.now() - told);
    assertEquals([code, signal], [0, null], first.output());
    assertLess(ms, 5_000);
    say(`an instance in the shape of Deploy was gone ${ms} ms after SIGINT, a job under way`);
  }
  await using second = await p.start("production");
  const goneOn = await work(job);
  assertEquals(goneOn.finishedAt, null, "it was in the middle");
  const over = await until("the end of the job", async () => {
    const now = await work(job);
    return now.finishedAt !== null && now;
  });
  assertEquals([over.state, over.progress.done], ["completed", 100]);

  // The day's broom is asked for by the cron alone.
  const broom = await until("a run of the cron", async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // not more often than one may ask
    const answer = await p.browser.get("/api/admin/jobs?kind=prune&state=completed");
    const listed = await jsonOf<{ items: AdminJobView[] }>(answer);
    assertEquals(answer.status, 200, JSON.stringify(listed));
    return listed.items[0];
  }, 65_000);
  assertLess(new Date(broom.createdAt).getUTCSeconds(), 10, "as a minute began");
  const ready = await p.browser.get("/readyz");
  assertEquals([ready.status, await jsonOf(ready)], [200, { ok: true }]);
  second.kill("SIGINT");
  assertEquals((await second.ended).code, 0, second.output());

  async function work(id: string): Promise<WorkView> {
    return await jsonOf<WorkView>(await p.browser.get(`/api/jobs/${id}`));
  }
});

Deno.test("outside the production timeline nothing is sent", async () => {
  await using p = await platform();
  await using preview = await p.start("git-branch/try");
  assertMatch(preview.output(), /"mailer":"outbox"/);
  preview.kill("SIGINT");
  assertEquals((await preview.ended).code, 0, preview.output());
});

Deno.test("deno.json says what Deploy has to do", async () => {
  const { deploy, tasks, unstable } = JSON.parse(await Deno.readTextFile("deno.json"));
  assertEquals(deploy.runtime, { type: "dynamic", entrypoint: "./main.ts" });
  assertEquals(deploy.build, "deno task build");
  assertEquals(typeof tasks.build.command, "string");
  assertEquals(["kv", "cron"].filter((name) => !unstable.includes(name)), []);
});
