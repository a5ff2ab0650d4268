import type { Mail } from "../core/mail.ts";
import { type Letter, type LetterFoot, withFoot } from "./letter.tsx";

type Written = Pick<Mail, "subject" | "text" | "html" | "headers">;

/**
 * A letter with the ways out of more like it: in its headers for mail programs (RFC 8058: the link
 * answers a POST, without a question), at its end for people.
 */
export function withWaysOut(
  letter: Letter & Pick<Mail, "headers">,
  foot: LetterFoot,
): Written {
  const { headers, ...words } = letter;
  const { stop, report } = foot;
  return {
    ...withFoot(words, foot),
    headers: {
      ...headers,
      ...(stop !== null && {
        "List-Unsubscribe": `<${stop.href}>`,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      }),
      ...(report !== null && { "X-Clock-Work-Report": report }),
    },
  };
}
