import { assert, assertEquals } from "@std/assert";
import { launch } from "../support/browser.ts";
import { carelessAnswer } from "../support/careless.ts";
import { hostilePlace, pageDoors } from "../support/hostile_place.ts";
import { type Walk, walk } from "../support/hostile_walk.ts";
import { liveApp } from "../support/live.ts";
import { TestMessenger } from "../support/messenger.ts";
import { xssClasses, xssStrings } from "../support/xss_strings.ts";

const ENV = {
  TELEGRAM_BOT_TOKEN: "7180001234:AAplanted-token-of-the-stand_in-bot0",
  MAIL_PER_SECOND: "10000",
};

/** Pages that answer with something else than themselves. */
const ELSEWHERE: Record<string, string> = {
  "GET /account/data/export.zip": "a file",
  "GET /sign-in/factor": "/sign-in", // nobody has begun to sign in
  "GET /u/:token/kept.json": "a file",
  "GET /admin/audit.csv": "a file",
  "GET /admin/audit.json": "a file",
};
/** Leads on to what it is about. */
const LEADS_ON = "GET /inbox/:id/open";

/** Pages that are looked at as if they escaped nothing. */
const CARELESS = ["GET /notes/:id", "GET /account", "GET /recipients", "GET /admin/members/:id"];

/** As if there were no second wall. */
function withoutPolicy(response: Response): Response {
  const bare = new Response(response.body, response);
  for (const name of ["content-security-policy", "x-content-type-options"]) {
    bare.headers.delete(name);
  }
  return bare;
}

/** What is seen of a few pages that escape nothing. */
async function carelessly(options: { policy: boolean }): Promise<Walk> {
  const change = async (response: Response) => {
    const careless = await carelessAnswer(response);
    return options.policy ? careless : withoutPolicy(careless);
  };
  await using live = await liveApp({ env: ENV, messenger: new TestMessenger(), change });
  const browser = await launch();
  try {
    const place = await hostilePlace(live);
    const pages = place.pages.filter(({ name }) => CARELESS.includes(name));
    return await walk(browser, { ...place, pages, forms: [] }, { thorough: false, brief: true });
  } finally {
    await browser.close();
  }
}

async function walked(options: { policy: boolean }): Promise<Walk> {
  const change = options.policy ? undefined : withoutPolicy;
  await using live = await liveApp({ env: ENV, messenger: new TestMessenger(), change });
  const browser = await launch();
  try {
    return await walk(browser, await hostilePlace(live), { thorough: !options.policy });
  } finally {
    await browser.close();
  }
}

/** Every page there is was looked at, and was itself. */
function checkAnswers({ answers }: Walk): void {
  assertEquals([...answers.keys()].sort(), pageDoors().sort());
  const wrong = [...answers].filter(([name, answer]) =>
    name !== LEADS_ON && answer !== (ELSEWHERE[name] ?? "200")
  );
  assertEquals(wrong, []);
}

Deno.test("the hostile strings are 200 and more, of a dozen classes", () => {
  assert(xssStrings.length >= 200, String(xssStrings.length));
  assertEquals(Object.keys(xssClasses).length, 12);
});

Deno.test("hostile text in every field runs on no page, also where no policy would stop it", async () => {
  const seen = await walked({ policy: false });
  checkAnswers(seen);
  assertEquals([seen.ran, seen.marks], [[], []]);
  assert(seen.visited > 200, String(seen.visited));
});

Deno.test("with the policy on, no page does what it forbids", async () => {
  const seen = await walked({ policy: true });
  checkAnswers(seen);
  assertEquals([seen.ran, seen.marks, seen.violations], [[], [], []]);
});

Deno.test("a page that escapes nothing is found out, and the policy then lets none of it run", async () => {
  const open = await carelessly({ policy: false });
  assert(open.ran.some((what) => what.startsWith("hit ")), "it runs without a policy");
  const walled = await carelessly({ policy: true });
  assertEquals(walled.ran.filter((what) => what.startsWith("hit ")), []);
  assert(walled.violations.length > 0, "the policy refused it");
});
