import { htmlLetter, type Letter, styles, textLetter } from "./letter.tsx";

export type AccountLetterName =
  | "activate"
  | "already_member"
  | "password_changed"
  | "chat_off"
  | "sender_paused"
  | "own_address";

export interface AccountLetter {
  letter: AccountLetterName;
  origin: string;
  /** Where the button leads, for letters that have one. */
  link: string;
}

interface Words {
  subject: string;
  says: string[];
  button: string;
}

const words: Record<AccountLetterName, Words> = {
  activate: {
    subject: "Confirm your address",
    says: [
      "Somebody, most likely you, made an account with this address.",
      "Confirm it within a day and you can start. If it was not you, do nothing: the account goes away.",
    ],
    button: "Confirm my address",
  },
  already_member: {
    subject: "You already have an account",
    says: [
      "Somebody, most likely you, tried to make an account with this address. There is one already.",
      "Sign in with the password you have. If it was not you, nothing has changed.",
    ],
    button: "Sign in",
  },
  password_changed: {
    subject: "Your password was changed",
    says: [
      "The password of your account was changed just now, and every other browser was signed out.",
      "If it was not you, tell whoever runs this service at once.",
    ],
    button: "Open my account",
  },
  chat_off: {
    subject: "Telegram is turned off for you",
    says: [
      "Telegram does not deliver to your chat with the bot any more: it was blocked or deleted.",
      "Reminders and news come by mail and in the page from now on. Link the chat again whenever you like.",
    ],
    button: "Open my account",
  },
  sender_paused: {
    subject: "Your mail is paused",
    says: [
      "Mail that you send to other people is paused: too much of it came back or was not wanted.",
      "Your inbox says what it was. Whoever runs this service can let it go on; what you send to yourself still leaves.",
    ],
    button: "Open my mailings",
  },
  own_address: {
    subject: "Is this address yours?",
    says: [
      "Somebody, most likely you, added this address to their account.",
      "Confirm it within a day, and what they write to it counts as written to themselves. If it was not you, do nothing.",
    ],
    button: "Yes, it is mine",
  },
};

/** A letter about somebody's own account. It holds no text of another person. */
export function accountLetter({ letter, origin, link }: AccountLetter): Letter {
  const { subject, says, button } = words[letter];
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
