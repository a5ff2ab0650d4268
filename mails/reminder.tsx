import { renderMarkdown } from "../core/markdown.ts";
import { htmlLetter, type Letter, styles, textLetter } from "./letter.tsx";

export interface ReminderLetter {
  title: string;
  /** Markdown, as it was written. */
  text: string;
  /** "due Mon 23 Nov 09:00 · every weekday" */
  due: string;
  zone: string;
  /** Where this instance lives. */
  origin: string;
  /** Who set it, for other people; null in the letter to oneself. */
  setBy: string | null;
  /** What one can do, the first before the others. */
  buttons: { label: string; href: string }[];
}

/** A reminder as a letter: its title and text, when it was due, and what can be done. */
export function reminderLetter(letter: ReminderLetter): Letter {
  const { title, text, due, zone, origin, setBy, buttons } = letter;
  const why = setBy === null
    ? `You set this reminder at ${origin}. Times are those of ${zone}`
    : `${setBy} set this reminder for you through Clock Work, ${origin}. Times are those of ${zone}`;
  const links = buttons.map(({ label, href }) => `${label}:\n${href}`).join("\n\n");
  const body = [title, text.trim(), due, links].filter((part) => part !== "").join("\n\n");
  return {
    subject: title,
    text: textLetter(body, why),
    html: htmlLetter({
      subject: title,
      preview: (text.replace(/\s+/g, " ").trim() || due).slice(0, 90),
      why,
      children: (
        <>
          <h1 dir="auto" style={styles.heading}>{title}</h1>
          {text.trim() !== "" && (
            <div
              dir="auto"
              style={styles.note}
              dangerouslySetInnerHTML={{ __html: renderMarkdown(text) }}
            />
          )}
          <p>{due}</p>
          {buttons.length > 0 && (
            <p style={{ margin: "24px 0 0" }}>
              {buttons.map(({ label, href }, i) => (
                <a key={label} href={href} style={i === 0 ? first : other}>{label}</a>
              ))}
            </p>
          )}
        </>
      ),
    }),
  };
}

const first = { ...styles.button, margin: "0 8px 8px 0" } as const;
const other = {
  ...first,
  background: "#f1ede4",
  color: "#1d2430",
} as const;
