import { htmlLetter, type Letter, styles, textLetter } from "./letter.tsx";

export interface BroadcastLetter {
  subject: string;
  title: string;
  /** Plain text; may be empty. */
  text: string;
  /** Who says it to whom. */
  why: string;
  /** Where mails like this are turned off. */
  stop: string;
}

/** An announcement as a member reads it: the text as it was written, and how to hear no more of them. */
export function broadcastLetter({ subject, title, text, why, stop }: BroadcastLetter): Letter {
  return {
    subject,
    text: textLetter(`${title}\n\n${text}`.trimEnd(), `${why}\nNo more of these by mail: ${stop}`),
    html: htmlLetter({
      subject,
      preview: text.replace(/\s+/g, " ").slice(0, 90),
      why,
      children: (
        <>
          <h1 dir="auto" style={styles.heading}>{title}</h1>
          {text !== "" && (
            <div dir="auto" style={{ ...styles.note, whiteSpace: "pre-wrap" }}>{text}</div>
          )}
          <p style={{ margin: "24px 0 0", fontSize: "13px" }}>
            <a href={stop}>Choose what comes by mail</a>
          </p>
        </>
      ),
    }),
  };
}
