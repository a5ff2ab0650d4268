import { accountWords, type Words } from "./account_words.ts";
import { factorWords } from "./factor_words.ts";
import { htmlLetter, type Letter, styles, textLetter } from "./letter.tsx";

const words = { ...accountWords, ...factorWords };
export type AccountLetterName = keyof typeof words;

export interface AccountLetter {
  letter: AccountLetterName;
  origin: string;
  /** Where the button leads, for letters that have one. */
  link: string;
  /** A browser, an address in parts: what it is about, where it says so. */
  about?: string;
}

/** A letter about somebody's own account. It holds no text of another person. */
export function accountLetter({ letter, origin, link, about = "" }: AccountLetter): Letter {
  const { subject, says: patterns, button }: Words = words[letter];
  const says = patterns.map((line) => line.replace("%", () => about));
  const why = `You get this because of your account at ${origin}`;
  return {
    subject,
    text: textLetter(`${says.join("\n\n")}\n\n${button}:\n${link}`, why),
    html: htmlLetter({
      subject,
      preview: says[0]!,
      why,
      children: (
        <>
          <h1 style={styles.heading}>{subject}</h1>
          {says.map((line) => <p key={line}>{line}</p>)}
          <p style={{ margin: "24px 0" }}>
            <a href={link} style={styles.button}>{button}</a>
          </p>
          <p style={{ fontSize: "13px", overflowWrap: "anywhere" }}>{link}</p>
        </>
      ),
    }),
  };
}
