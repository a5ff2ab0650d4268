import { htmlLetter, type Letter, styles, textLetter } from "./letter.tsx";

export interface InvitationLetter {
  /** Of the member who asks: the only words of theirs. */
  name: string;
  origin: string;
  /** Where it is answered. */
  link: string;
}

/** The one letter that somebody gets who has not agreed to any. */
export function invitationLetter({ name, origin, link }: InvitationLetter): Letter {
  const subject = `${name} would like to send you notes`;
  const says = [
    `${name} would like to send you notes through Clock Work, ${origin}`,
    "You get none before you agree, and no answer means no. You are asked only once, and you can change your answer later.",
  ];
  const why = `You get this because ${name} gave your address at ${origin}`;
  const button = "Accept, refuse, or never from anyone";
  return {
    subject,
    text: textLetter(`${says.join("\n\n")}\n\n${button}:\n${link}`, why),
    html: htmlLetter({
      subject,
      preview: says[1]!,
      why,
      children: (
        <>
          <h1 dir="auto" style={styles.heading}>{subject}</h1>
          {says.map((line) => <p key={line} dir="auto">{line}</p>)}
          <p style={{ margin: "24px 0" }}>
            <a href={link} style={styles.button}>{button}</a>
          </p>
          <p style={{ fontSize: "13px", overflowWrap: "anywhere" }}>{link}</p>
        </>
      ),
    }),
  };
}
