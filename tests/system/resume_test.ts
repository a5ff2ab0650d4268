import { assert, assertEquals } from "@std/assert";
import type { JobView } from "../../jobs/view.ts";
import { jsonOf } from "../support/http.ts";
import { type Machine, machine, OPEN_MAIL } from "../support/machine.ts";
import { slowLine } from "../support/slow_line.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";
import { until } from "../support/until.ts";

interface Heard {
  seq: number;
  type: string;
  job: JobView;
}

/** A page that follows its account's topic from a number on. */
function page(m: Machine, topic: string, after: number) {
  const heard: Heard[] = [];
  const gaps: string[] = [];
  const socket = m.socket();
  socket.onopen = () => socket.send(JSON.stringify({ type: "sub", topic, after }));
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    if (frame.type === "event") {
      heard.push({ seq: frame.seq, type: frame.event.type, job: frame.event.data });
    } else if (frame.type !== "beat") gaps.push(data);
  };
  const closed = new Promise<void>((resolve) => socket.onclose = () => resolve());
  return {
    heard,
    gaps,
    closed,
    async [Symbol.asyncDispose]() {
      if (socket.readyState <= WebSocket.OPEN) socket.close();
      await closed;
    },
  };
}

Deno.test("a page that lost its server goes on from its last number and sees the end", async () => {
  const sink = await startSmtpSink();
  {
    await using line = slowLine(sink.port, 10);
    await using m = await machine({
      env: { ...OPEN_MAIL, SMTP_URL: `smtp://127.0.0.1:${line.port}` },
    });
    let jobId: string;
    let topic: string;
    let before: Heard[];
    {
      await using server = await m.start();
      await m.signIn();
      const { id } = await jsonOf<{ id: string }>(await m.browser.get("/api/me"));
      topic = `account:${id}`;
      await using first = page(m, topic, 0);
      jobId = await m.mail(25);
      await until("some progress", () => first.heard.some(({ job }) => job.progress?.done >= 3));
      server.kill("SIGKILL");
      await first.closed;
      before = first.heard;
    }
    await using _server = await m.start();
    const last = before.at(-1)!.seq;
    await using second = page(m, topic, last);
    await until("the end", () => second.heard.some(({ job }) => job.state === "completed"));
    const { progress } = await m.over(jobId);

    assertEquals(second.gaps, []);
    const numbers = [...before, ...second.heard].map(({ seq }) => seq);
    assert(numbers.every((seq, i) => i === 0 || seq > numbers[i - 1]!), "each once, in order");
    const done = [...before, ...second.heard]
      .filter(({ type }) => type === "job")
      .map(({ job }) => job.progress.done);
    assert(done.every((count, i) => i === 0 || count >= done[i - 1]!), `never back: ${done}`);
    assertEquals([done.at(-1), progress.done], [25, 25]);
  }
  await sink.close();
});

Deno.test("a page that asks again hears nothing while nothing is new, also across a restart", async () => {
  await using m = await machine();
  const ask = (jobId: string, etag: string) =>
    m.browser.get(`/api/jobs/${jobId}`, { headers: { "if-none-match": etag } });
  let jobId: string;
  let etag: string;
  {
    await using server = await m.start();
    await m.signIn();
    jobId = await m.mail(3);
    const begun = await m.browser.get(`/api/jobs/${jobId}`);
    const first = begun.headers.get("etag") ?? "";
    await begun.text();
    await m.over(jobId);
    const over = await ask(jobId, first);
    etag = over.headers.get("etag") ?? "";
    assertEquals([over.status, (await jsonOf<JobView>(over)).state], [200, "completed"]);
    const same = await ask(jobId, etag);
    assertEquals([same.status, await same.text()], [304, ""]);
    server.kill("SIGKILL");
    await server.ended;
  }
  await using _server = await m.start();
  const same = await ask(jobId, etag);
  assertEquals([same.status, await same.text()], [304, ""]);
});
