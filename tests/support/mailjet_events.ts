import { mailjetPassword } from "../../domain/mail/mailjet_secret.ts";
import type { TestApp } from "./app.ts";
import { visitor } from "./site.ts";

/** One event as Mailjet writes it; what is not said is as usual. */
export function mailjetEvent(
  { clock }: Pick<TestApp, "clock">,
  event: Record<string, unknown> & { event: string; email: string },
): Record<string, unknown> {
  return {
    time: Math.floor(clock.now() / 1_000),
    MessageID: 1_152_921_504_606_847,
    Message_GUID: crypto.randomUUID(),
    mj_campaign_id: 0,
    mj_contact_id: 7,
    customcampaign: "",
    CustomID: "",
    Payload: "",
    ...(event.event === "bounce" && {
      blocked: false,
      hard_bounce: true,
      error_related_to: "recipient",
      error: "user unknown",
      comment: "550 5.1.1 No such user",
    }),
    ...(event.event === "spam" && { source: "JMRPP" }),
    ...event,
  };
}

export interface Posted {
  /** In place of ours. */
  authorization?: string | null;
  raw?: BodyInit;
}

/** Posts to our door as Mailjet does, which is no browser. @returns the status of the answer. */
export async function mailjetSays(
  t: TestApp,
  events: unknown,
  { authorization, raw }: Posted = {},
): Promise<number> {
  const own = `Basic ${btoa(`clockwork:${await mailjetPassword(t.app)}`)}`;
  const { status, body } = await (await visitor(t)).send("/mailjet/events", {
    method: "POST",
    raw: raw ?? JSON.stringify(events),
    headers: {
      "content-type": "application/json",
      "authorization": authorization === undefined ? own : authorization,
      "sec-fetch-site": null,
      "origin": null,
    },
  });
  await body?.cancel();
  return status;
}
