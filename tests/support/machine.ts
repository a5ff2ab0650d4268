import { assert, assertEquals } from "@std/assert";
import type { WorkView } from "../../domain/work.ts";
import { keys } from "../../kv/keys.ts";
import type { JobRecord } from "../../kv/schema.ts";
import { SOCKET_PROTOCOL } from "../../realtime/connection.ts";
import { codeAt } from "./factor.ts";
import { Client, jsonOf } from "./http.ts";
import { freePort, type ServerProcess, startProcess } from "./process.ts";
import { until } from "./until.ts";

/** Good by every rule. */
export const PASSWORD = "tired otters juggle nine lamps";

export interface MachineOptions {
  /** Settings of each start; there is an admin unless `ADMIN_EMAIL` is empty. */
  env?: Record<string, string>;
}

/** A machine on which the server is started, killed and started again: a folder and a port. */
export interface Machine extends AsyncDisposable {
  dir: string;
  port: number;
  origin: string;
  /** A browser that keeps its cookies whatever becomes of the server. */
  browser: Client;
  cookie(): string;
  /** A page's connection as this browser opens it. */
  socket(): WebSocket;
  /** Begins a start, which may be refused. */
  launch(env?: Record<string, string>): Promise<ServerProcess>;
  /** Starts the server. Resolves when it takes requests. */
  start(env?: Record<string, string>): Promise<ServerProcess>;
  /** Signs the browser in as the admin. */
  signIn(): Promise<void>;
  /** Gives the admin, who is signed in, an app with codes: admin pages are for who has one. */
  addPhone(): Promise<void>;
  /** Has a note mailed to so many people. @returns the id of the job. */
  mail(people: number): Promise<string>;
  job(id: string): Promise<WorkView>;
  /** Resolves when a job is over. */
  over(id: string): Promise<WorkView>;
  /** A job as it is stored, while no server runs. */
  stored(id: string): Promise<JobRecord>;
}

/** Settings under which anybody may be mailed. */
export const OPEN_MAIL = {
  MAIL_FROM: "clock@example.org",
  RECIPIENT_CHECK: "off",
  SIGNUP: "closed",
};

const ADMIN = { ADMIN_EMAIL: "root@example.org", ADMIN_PASSWORD: PASSWORD };

/** A browser that goes to a real server. */
export function visitor(origin: string): Client {
  return new Client((request) => fetch(request, { redirect: "manual" }), { origin });
}

/** Has who is signed in take an app with codes into use. @returns the recovery codes. */
export async function addPhone(browser: Client): Promise<string[]> {
  const offered = await browser.post("/api/me/factors/totp/offer", {});
  const { secret, offer } = await jsonOf<{ secret: string; offer: string }>(offered);
  const code = codeAt(secret, Date.now());
  const added = await browser.post("/api/me/factors/totp", { offer, code });
  const { codes } = await jsonOf<{ codes: string[] }>(added);
  assertEquals(added.status, 201);
  return codes;
}

export async function machine({ env = {} }: MachineOptions = {}): Promise<Machine> {
  const dir = await Deno.makeTempDir({ prefix: "clock_work_" });
  const port = freePort();
  const origin = `http://localhost:${port}`;
  const browser = visitor(origin);
  const launch: Machine["launch"] = (more) =>
    startProcess({ dir, port, env: { ...ADMIN, ...env, ...more } });
  const cookie = () => [...browser.cookies].map((pair) => pair.join("=")).join("; ");
  const codes: string[] = []; // recovery codes: a code of an app is good once in half a minute
  const job: Machine["job"] = async (id) => {
    const answer = await browser.get(`/api/jobs/${id}`);
    const work = await jsonOf<WorkView>(answer);
    assertEquals(answer.status, 200, JSON.stringify(work));
    return work;
  };
  return {
    dir,
    port,
    origin,
    browser,
    cookie,
    // Deno's own second argument: a browser sends these by itself.
    socket: () =>
      new WebSocket(`ws://localhost:${port}/ws`, {
        protocols: [SOCKET_PROTOCOL],
        headers: { origin, cookie: cookie() },
      } as unknown as string),
    launch,
    async start(more) {
      const server = await launch(more);
      await server.says(/"event":"listening"/);
      return server;
    },
    async signIn() {
      const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = ADMIN;
      const entered = await browser.post("/api/session", { email, password });
      const said = await entered.text();
      if (entered.status !== 202) return assertEquals(entered.status, 201, said);
      const [code] = codes.splice(0, 1);
      const shown = await browser.post("/api/session/factor", { code });
      assertEquals(shown.status, 201, await shown.text());
    },
    addPhone: async () => void codes.push(...await addPhone(browser)),
    async mail(people) {
      const written = await browser.post("/api/notes", { title: "News", text: "All is well." });
      const note = await jsonOf<{ id: string }>(written);
      const to = Array.from({ length: people }, (_, i) => `person${i}@example.org`);
      const asked = await browser.post(`/api/notes/${note.id}/mailings`, { to });
      const answer = await jsonOf<{ jobId: string }>(asked);
      assertEquals(asked.status, 202, JSON.stringify(answer));
      return answer.jobId;
    },
    job,
    over: (id) =>
      until("the end of the job", async () => {
        const work = await job(id);
        return work.finishedAt !== null && work;
      }, 60_000),
    async stored(id) {
      const kv = await Deno.openKv(`${dir}/store.sqlite3`);
      const { value } = await kv.get<JobRecord>(keys.job(id));
      kv.close();
      assert(value, `there is no job ${id}`);
      return value;
    },
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}
