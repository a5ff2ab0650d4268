import { renderMarkdown } from "../core/markdown.ts";
import { fitting } from "./fitting.ts";
import { htmlLetter, type Letter, styles, textLetter } from "./letter.tsx";

export interface NoteLetter {
  title: string;
  /** Markdown, as it was written. */
  text: string;
  senderName: string;
  /** Where this instance lives. */
  origin: string;
  /** Where its reader has a page with all of it; most readers have none. */
  page?: string;
}

/** Our own address under the name of who sends: theirs in `From` would fail DMARC. */
export function senderOf(name: string, address: string): { name: string; address: string } {
  return { name: `${name} via Clock Work`, address };
}

/**
 * A note as its recipient reads it: the note first, then from whom it comes. Of a long one the HTML
 * part is a beginning, because mail programs cut long ones anywhere; the text part is always whole.
 */
export function noteLetter({ title, text, senderName, origin, page }: NoteLetter): Letter {
  const subject = title || "A note";
  const why = `${senderName} sent you this note through Clock Work, ${origin}`;
  const heading = text.trimStart().startsWith(title) ? null : subject;
  const { html, whole } = fitting(text, renderMarkdown);
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
            dangerouslySetInnerHTML={{ __html: html }}
          />
          {!whole && <Rest page={page} />}
        </>
      ),
    }),
  };
}

/** Where the rest of a long note is. */
function Rest({ page }: Pick<NoteLetter, "page">) {
  if (page === undefined) {
    return (
      <p>
        <em>
          This is the beginning of a long note. All of it is in the plain text of this message,
          which your mail program can show.
        </em>
      </p>
    );
  }
  return (
    <p style={{ margin: "24px 0" }}>
      <a href={page} style={styles.button}>Open the whole note</a>
    </p>
  );
}
