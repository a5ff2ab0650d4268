import { type ComponentChildren, Fragment } from "preact";
import { renderToString } from "preact-render-to-string";

/** One letter in both its forms. */
export interface Letter {
  subject: string;
  text: string;
  html: string;
}

/** Colours that hold on white and when a reader's dark mode turns them over. */
const ink = "#1d2430";
const soft = "#5b6472";
const line = "#e4dfd5";
const sans = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const serif = "Georgia, 'Times New Roman', serif";

export const styles = {
  heading: { font: `600 24px/1.25 ${serif}`, margin: "0 0 16px" },
  note: { font: `17px/1.6 ${serif}`, overflowWrap: "break-word" },
  button: {
    display: "inline-block",
    padding: "13px 22px",
    borderRadius: "10px",
    background: "#c98a1b",
    color: "#1b1305",
    font: `600 16px/18px ${sans}`,
    textDecoration: "none",
  },
} as const;

export interface FrameProps {
  lang?: string;
  subject: string;
  /** What lists show beside the subject, about 50 characters. */
  preview: string;
  /** Why this came, in one line. */
  why: string;
  children: ComponentChildren;
}

/** The one HTML frame of all our letters: a column of text, a hairline, and why this came. */
export function htmlLetter({ lang = "en", subject, preview, why, children }: FrameProps): string {
  const page = (
    <html lang={lang} dir="auto">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{subject}</title>
      </head>
      <body style={{ margin: 0, padding: "24px 16px", background: "#ffffff", color: ink }}>
        <div style={{ display: "none", maxHeight: 0, overflow: "hidden" }}>{preview}</div>
        <div style={{ maxWidth: "640px", margin: "0 auto", font: `16px/1.55 ${sans}` }}>
          {children}
          <p
            style={{
              margin: "32px 0 0",
              paddingTop: "12px",
              borderTop: `1px solid ${line}`,
              color: soft,
              fontSize: "13px",
            }}
          >
            {why}
          </p>
        </div>
      </body>
    </html>
  );
  return `<!doctype html>${renderToString(page)}`;
}

/** How a reader gets no more letters like one, and tells of it. */
export interface LetterFoot {
  /** "Stop mails from Ada" */
  stop: { label: string; href: string } | null;
  report: string | null;
}

/** A letter with these ways at its end, in both its forms. */
export function withFoot({ subject, text, html }: Letter, { stop, report }: LetterFoot): Letter {
  const ways = [stop, report && { label: "Report this mail", href: report }].filter((way) => !!way);
  const said = ways.map(({ label, href }) => `${label}:\n${href}\n`).join("");
  const links = renderToString(
    <p style={{ maxWidth: "640px", margin: "8px auto 0", font: `13px/1.55 ${sans}` }}>
      {ways.map(({ label, href }, i) => (
        <Fragment key={href}>
          {i > 0 && " · "}
          <a href={href} style={footLink}>{label}</a>
        </Fragment>
      ))}
    </p>,
  );
  const end = html.lastIndexOf(END); // the frame's own: text of people has no tags of ours
  return { subject, text: text + said, html: html.slice(0, end) + links + html.slice(end) };
}

const footLink = { color: soft } as const;
const END = "</body></html>";

/** The written part: the same words in the same order, links on lines of their own. */
export function textLetter(body: string, why: string): string {
  return `${body.trimEnd()}\n\n-- \n${why}\n`;
}
