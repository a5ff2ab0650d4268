import type { ComponentChildren } from "preact";
import type { LinkView } from "../domain/chats/chat_links.ts";
import type { Reader } from "../islands/times.ts";
import { Island } from "./island.tsx";
import { Qr } from "./qr.tsx";
import { Time } from "./time.tsx";

export interface TelegramProps {
  /** Null where Telegram is not set up. */
  link: LinkView | null;
  /** What the bot is called in Telegram; null when Telegram did not say so in time. */
  bot: string | null;
}

export interface TelegramCardProps extends TelegramProps {
  reader: Reader;
  now: number;
}

/** One's chat in Telegram: how to link it, whether to, which it is. */
export function TelegramCard({ link, bot, reader, now }: TelegramCardProps) {
  if (link === null) return null;
  const expiresAt = link.is === "asked" || link.is === "shown" ? link.expiresAt : null;
  return (
    <section id="telegram" class="card sheet-form telegram" aria-labelledby="telegram-title">
      <h2 id="telegram-title">Telegram</h2>
      {link.is === "asked"
        ? <Steps code={link.code} bot={bot} />
        : link.is === "shown"
        ? <Question {...link} />
        : link.is === "linked"
        ? <Linked {...link} bot={bot} reader={reader} now={now} />
        : <Offer elsewhere={link.is === "elsewhere"} />}
      <Island name="ChatLink" props={{ expiresAt, renderedAt: now, reader }} />
    </section>
  );
}

function Offer({ elsewhere }: { elsewhere: boolean }) {
  return (
    <>
      <p>Write notes from a chat, find them there, and be reminded in it.</p>
      {elsewhere && (
        <p class="hint">You have begun this in another browser. To begin here ends it there.</p>
      )}
      <Act path="/account/telegram" primary>Link Telegram</Act>
    </>
  );
}

function Steps({ code, bot }: { code: string; bot: string | null }) {
  if (bot === null) {
    return (
      <>
        <p class="problem-box">
          Telegram does not answer just now. Load this page again in a while.
        </p>
        <Act path="/account/telegram/decline">Cancel</Act>
      </>
    );
  }
  const url = `https://t.me/${bot}?start=${code}`;
  return (
    <>
      <div class="pairing">
        <ol>
          <li>Open the chat here, or read the code with your phone’s camera.</li>
          <li>
            Press <b>Start</b> there, then <b>Link</b>.
          </li>
          <li>
            Come back and say yes here too.
            <noscript>
              <p class="hint">Load this page again to see the question.</p>
            </noscript>
          </li>
        </ol>
        <Qr text={url} label={`Code of the link to @${bot}`} />
      </div>
      <div class="acts">
        <a class="button primary" href={url} target="_blank" rel="noopener noreferrer">
          Open @{bot}
        </a>
        <Act path="/account/telegram/decline">Cancel</Act>
      </div>
    </>
  );
}

function Question(
  { linkId, name, username, confirmed, moves }: Extract<LinkView, { is: "shown" }>,
) {
  return (
    <>
      <p>
        <Face name={name} username={username} /> wants to be linked.
      </p>
      {moves && <p class="hint">The chat is linked to another account, and would no longer be.</p>}
      {confirmed
        ? <p class="hint">You said yes. Now press Link in the chat.</p>
        : <p class="hint">Whoever writes there reads and writes your notes. Is it you?</p>}
      <div class="acts">
        {!confirmed && (
          <form method="post" action="/account/telegram/confirm">
            <input type="hidden" name="link" value={linkId} />
            <button type="submit" class="primary">Link</button>
          </form>
        )}
        <Act path="/account/telegram/decline">{confirmed ? "Cancel" : "Not me"}</Act>
      </div>
    </>
  );
}

function Linked(
  { name, username, since, off, bot, reader, now }:
    & Extract<LinkView, { is: "linked" }>
    & Pick<TelegramCardProps, "bot" | "reader" | "now">,
) {
  return (
    <>
      <p>
        <Face name={name} username={username} />{" "}
        <small>
          since <Time at={since} now={now} reader={reader} how="full" />
        </small>
      </p>
      {off !== null && (
        <p class="problem-box">
          Nothing is sent there: {off}. Write to{" "}
          {bot === null ? "the bot" : <a href={`https://t.me/${bot}`}>@{bot}</a>}{" "}
          again, and it goes on.
        </p>
      )}
      <Act path="/account/telegram/unlink">Unlink</Act>
    </>
  );
}

/** "Ana (@ana)", in whatever script it is written. */
function Face({ name, username }: { name: string; username: string | null }) {
  return (
    <>
      <b>
        <bdi>{name}</bdi>
      </b>
      {username !== null && ` (@${username})`}
    </>
  );
}

function Act(
  { path, primary = false, children }: {
    path: string;
    primary?: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <form method="post" action={path}>
      <button type="submit" class={primary ? "primary" : undefined}>{children}</button>
    </form>
  );
}
