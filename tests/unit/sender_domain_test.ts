import { assert, assertEquals } from "@std/assert";
import { createNames, type Resolve } from "../../adapters/names.ts";
import type { Names } from "../../core/app.ts";
import { readConfig } from "../../core/config.ts";
import { publicDomain, senderDomain } from "../../domain/mail/sender_domain.ts";
import { lookAtDomain } from "../../tasks/doctor/domain.ts";
import { hours, minutes, TestClock } from "../support/clock.ts";

const DOMAIN = "clock-work.dev";
const SPF = "v=spf1 include:spf.mailjet.com ~all";
const KEY = "k=rsa; p=MIGfMA0";
const POLICY = "v=DMARC1; p=reject";

const base = { SIGNUP: "closed", MAIL_FROM: `clock@${DOMAIN}` };
const byMailjet = readConfig({ ...base, MAILJET_API_KEY: "k", MAILJET_API_SECRET: "s" });
const bySmtp = readConfig({ ...base, SMTP_URL: "smtps://relay.example.org" });

/** Name servers that know these names, and fail for those that are null. */
function serversOf(known: Record<string, string[] | null>): Names & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    records(name, kind) {
      asked.push(`${kind} ${name}`);
      const found = known[kind === "TXT" ? name : `${kind} ${name}`];
      return Promise.resolve(found === undefined ? [] : found);
    },
  };
}

const good = {
  [DOMAIN]: ["some-site-proof=1", SPF],
  [`mailjet._domainkey.${DOMAIN}`]: [KEY],
  [`_dmarc.${DOMAIN}`]: [POLICY],
  [`MX ${DOMAIN}`]: ["mx.example.org"],
};

async function seen(known: Record<string, string[] | null>, config = byMailjet) {
  const found = await senderDomain({ names: serversOf(known), config });
  return found?.records.map(({ name, is }) => `${name} ${is}`).join(", ");
}

Deno.test("the records of the domain that mail comes from are told: there, missing, wrong, not known", async () => {
  const dkim = `mailjet._domainkey.${DOMAIN}`;
  const cases: [Record<string, string[] | null>, string][] = [
    [good, "SPF good, DKIM good, DMARC good"],
    [{ ...good, [DOMAIN]: [] }, "SPF bad, DKIM good, DMARC good"],
    [{ ...good, [DOMAIN]: [SPF, "v=spf1 -all"] }, "SPF bad, DKIM good, DMARC good"],
    [{ ...good, [DOMAIN]: ["v=spf10 x"] }, "SPF bad, DKIM good, DMARC good"],
    [{ ...good, [dkim]: ["v=DKIM1; p="] }, "SPF good, DKIM bad, DMARC good"],
    [{ ...good, [`_dmarc.${DOMAIN}`]: ["v=DMARC12"] }, "SPF good, DKIM good, DMARC bad"],
    [{ ...good, [DOMAIN]: null, [dkim]: null }, "SPF unknown, DKIM unknown, DMARC good"],
    [{ [`MX ${DOMAIN}`]: ["mx.example.org"] }, "SPF bad, DKIM bad, DMARC bad"],
    [{}, "SPF unknown, DKIM unknown, DMARC unknown"],
  ];
  for (const [known, says] of cases) assertEquals(await seen(known), says);
  assertEquals(await seen(good, bySmtp), "SPF good, DKIM unknown, DMARC good");
});

Deno.test("what a domain above says of DMARC counts below it", async () => {
  const config = { ...bySmtp, mailFrom: `clock@mail.${DOMAIN}` };
  const says = await seen({ ...good, [`mail.${DOMAIN}`]: [SPF] }, config);
  assertEquals(says, "SPF good, DKIM unknown, DMARC good");
});

Deno.test("nobody is asked about domains that are nobody's, nor where no mail leaves", async () => {
  const names = serversOf(good);
  const nobodys = ["localhost", "clock.local", "mail.example.org", "127.0.0.1", "[::1]", "a.test"];
  for (const domain of nobodys) {
    assertEquals(publicDomain(`clock@${domain}`), null, domain);
    const config = { ...bySmtp, mailFrom: `clock@${domain}` };
    assertEquals(await senderDomain({ names, config }), null);
  }
  assertEquals(await senderDomain({ names, config: readConfig({}) }), null);
  assertEquals(names.asked, []);
  assertEquals(publicDomain("clock@bücher.de"), "xn--bcher-kva.de");
});

Deno.test("an answer is remembered for an hour, one that failed for a minute, and many ask once", async () => {
  const clock = new TestClock();
  let asked = 0;
  let fails = false;
  const resolve: Resolve = () => {
    asked++;
    return fails ? Promise.reject(new Error("no route")) : Promise.resolve([SPF]);
  };
  const names = createNames({ clock, resolve });
  const ask = () => names.records(DOMAIN, "TXT");
  assertEquals(await Promise.all([ask(), ask()]), [[SPF], [SPF]]);
  clock.advance(hours(1) - 1);
  await ask();
  assertEquals(asked, 1);
  fails = true;
  clock.advance(1);
  assertEquals([await ask(), await ask()], [null, null]);
  assertEquals(asked, 2);
  clock.advance(minutes(1));
  await ask();
  assertEquals(asked, 3);
});

Deno.test("a name server that does not answer is not waited for, and one without records says so", async () => {
  const clock = new TestClock();
  const silent: Resolve = () => new Promise(() => {});
  assertEquals(
    await createNames({ clock, resolve: silent, timeoutMs: 10 }).records(DOMAIN, "TXT"),
    null,
  );
  const empty: Resolve = () => Promise.reject(new Deno.errors.NotFound("none"));
  assertEquals(await createNames({ clock, resolve: empty }).records(DOMAIN, "TXT"), []);
});

Deno.test("the doctor says what is missing and how to mend it, and not knowing is no illness", async () => {
  const well = await lookAtDomain(byMailjet, serversOf(good));
  assertEquals(well.ok, true);
  const ill = await lookAtDomain(byMailjet, serversOf({ ...good, [`_dmarc.${DOMAIN}`]: [] }));
  assertEquals(ill.ok, false);
  assert(ill.says.includes("DMARC: there is none") && ill.todo !== undefined);
  const blind = await lookAtDomain(byMailjet, { records: () => Promise.resolve(null) });
  assertEquals([blind.ok, blind.says.match(/could not look/g)?.length], [true, 3]);
});
