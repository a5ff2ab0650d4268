import { renderMarkdown } from "../core/markdown.ts";
import { htmlLetter, type Letter, styles, textLetter } from "./letter.tsx";

export interface NoteLetter {
  title: string;
  /** Markdown, as it was written. */
  text: string;
  senderName: string;
  /** Where this instance lives. */
  origin: string;
}

/** Our own address under the name of who sends: theirs in `From` would fail DMARC. */
export function senderOf(name: string, address: string): { name: string; address: string } {
  return { name: `${name} via Clock Work`, address };
}

/** A note as its recipient reads it: the note first, then from whom it comes. */
export function noteLetter({ title, text, senderName, origin }: NoteLetter): Letter {
  const subject = title || "A note";
  const why = `${senderName} sent you this note through Clock Work, ${origin}`;
  const heading = text.trimStart().startsWith(title) ? null : subject;
  return {
    subject,
    text: textLetter(heading ? `${heading}\n\n${text}` : text, why),
    html: htmlLetter({
      subject,
      preview: text.replace(/\s+/g, " ").slice(0, 90),
      why,
      children: (
        <>
          {heading && <h1 dir="auto" style={styles.heading}>{heading}</h1>}
          <div
            dir="auto"
            style={styles.note}
            dangerouslySetInnerHTML={{ __html: renderMarkdown(text) }}
          />
        </>
      ),
    }),
  };
}
