import type { Chrome, Viewer } from "./chrome.ts";
import {
  BrandMark,
  InboxIcon,
  MailingsIcon,
  NotesIcon,
  OutboxIcon,
  RemindersIcon,
} from "./icons.tsx";
import { Island } from "./island.tsx";

export type Section = "notes" | "reminders" | "mailings" | "inbox" | "outbox";

const sections = [
  { name: "notes", href: "/", text: "Notes", Icon: NotesIcon },
  { name: "reminders", href: "/reminders", text: "Reminders", Icon: RemindersIcon },
  { name: "mailings", href: "/mailings", text: "Mailings", Icon: MailingsIcon },
  { name: "inbox", href: "/inbox", text: "Inbox", Icon: InboxIcon },
  { name: "outbox", href: "/outbox", text: "Outbox", Icon: OutboxIcon },
] as const;

export interface HeaderProps {
  chrome: Chrome;
  section: Section | null;
}

/** The product's name, the ways to its parts, the bell, the account. */
export function Header({ chrome, section }: HeaderProps) {
  const { viewer } = chrome;
  return (
    <header class="top">
      <a class="brand" href="/">
        <BrandMark />
        Clock Work
      </a>
      {viewer ? <Nav outbox={chrome.outbox} section={section} /> : <span class="push" />}
      {viewer
        ? (
          <>
            <Island name="Bell" props={{ unread: viewer.unread }} />
            <AccountMenu viewer={viewer} />
          </>
        )
        : (
          <nav class="doors" aria-label="Account">
            <a href="/sign-in">Sign in</a>
            {chrome.signUp && <a href="/sign-up">Sign up</a>}
          </nav>
        )}
    </header>
  );
}

function Nav({ outbox, section }: { outbox: boolean; section: Section | null }) {
  return (
    <nav class="main" aria-label="Main">
      {sections.filter(({ name }) => name !== "outbox" || outbox).map((
        { name, href, text, Icon },
      ) => (
        <a key={name} href={href} aria-current={name === section ? "page" : undefined}>
          <Icon />
          {text}
        </a>
      ))}
    </nav>
  );
}

function AccountMenu({ viewer: { name, email, role } }: { viewer: Viewer }) {
  return (
    <details class="menu">
      <summary>
        <span class="unseen">{`Account of ${name}`}</span>
        <span class="avatar" aria-hidden="true">{initials(name)}</span>
      </summary>
      <div class="sheet">
        <p dir="auto">
          <strong>{name}</strong>
          <small>{email}</small>
        </p>
        <a href="/account">Account</a>
        {role === "admin" && <a href="/admin">Admin</a>}
        <a href="/progress">Progress race</a>
        <form method="post" action="/sign-out">
          <button type="submit">Sign out</button>
        </form>
      </div>
    </details>
  );
}

/** The first letters of the first and the last word of a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  const segments = new Intl.Segmenter("en");
  const first = (word = "") => [...segments.segment(word)][0]?.segment ?? "";
  return ends.map(first).join("").toUpperCase();
}
