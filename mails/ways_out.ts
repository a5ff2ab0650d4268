import type { Mail } from "../core/mail.ts";
import { type Letter, type LetterFoot, withFoot } from "./letter.tsx";

type Written = Pick<Mail, "subject" | "text" | "html" | "headers">;

/** What stands for a letter's kind and sender where providers count complaints. */
export interface WaysOut extends LetterFoot {
  feedback: string;
}

/**
 * A letter with the ways out of more like it: in its headers for mail programs (RFC 8058: the link
 * answers a POST, without a question), at its end for people. And what tells its kind and sender apart
 * for providers that count complaints.
 */
export function withWaysOut(
  letter: Letter & Pick<Mail, "headers">,
  foot: WaysOut,
): Written {
  const { headers, ...words } = letter;
  const { stop, report, feedback } = foot;
  return {
    ...withFoot(words, foot),
    headers: {
      ...headers,
      ...(stop !== null && {
        "List-Unsubscribe": `<${stop.href}>`,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      }),
      ...(report !== null && { "X-Clock-Work-Report": report }),
      "Feedback-ID": feedback,
    },
  };
}
