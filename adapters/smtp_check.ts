import nodemailer from "nodemailer";
import { readUrl } from "./smtp.ts";
import { smtpAnswer } from "./smtp_answer.ts";

/** For each step of the conversation, ms: whoever asks sits and waits. */
const STEP_MS = 10_000;

/** Greets and signs in at an SMTP server as sending would. @returns what is wrong, or null. */
export async function checkSmtp(
  { url, ca }: { url: string; ca?: string },
): Promise<string | null> {
  const { options, secrets } = readUrl(url);
  const transport = nodemailer.createTransport({
    ...options,
    name: "[127.0.0.1]",
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
    tls: { minVersion: "TLSv1.2", rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    logger: false,
  });
  try {
    await transport.verify();
    return null;
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error("no error");
    const answer = smtpAnswer({ error, handedOver: false, secrets });
    return answer.is === "accepted" ? null : answer.reason;
  } finally {
    transport.close();
  }
}
