import { z } from "zod";

export interface MailjetCheck {
  apiKey: string;
  apiSecret: string;
  apiUrl?: string;
  /** The address that mail is to come from. */
  from: string;
}

const TIMEOUT_MS = 10_000;
const Senders = z.object({
  Data: z.array(z.object({ Email: z.string(), Status: z.string() })),
});

/** Asks Mailjet whether it knows the key and the sender. @returns what is wrong, or null. */
export async function checkMailjet(
  { apiKey, apiSecret, apiUrl = "https://api.mailjet.com", from }: MailjetCheck,
): Promise<string | null> {
  const answer = await fetch(`${new URL(apiUrl).origin}/v3/REST/sender?Limit=1000`, {
    headers: { authorization: `Basic ${btoa(`${apiKey}:${apiSecret}`)}` },
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => null); // its words may repeat what was sent
  if (answer === null) return "Mailjet cannot be reached";
  const body: unknown = await answer.json().catch(() => null);
  if (answer.status === 401) return "Mailjet does not know MAILJET_API_KEY with this secret";
  if (!answer.ok) return `Mailjet answered ${answer.status}`;
  const senders = Senders.safeParse(body);
  if (!senders.success) return "Mailjet answered something that is no list of senders";
  const domain = from.slice(from.lastIndexOf("@"));
  const known = senders.data.Data.some(({ Email, Status }) =>
    Status === "Active" && [from.toLowerCase(), `*${domain}`.toLowerCase()].includes(
      Email.toLowerCase(),
    )
  );
  return known ? null : `Mailjet does not know ${from} as an active sender`;
}
