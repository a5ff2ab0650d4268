import { KindMark } from "../islands/kinds.tsx";
import type { BroadcastProps } from "./broadcast.tsx";

/** A broadcast as members see it: in the inbox, by mail, in Telegram. */
export function BroadcastPreview(
  { broadcast: { title, text, channels }, mail, chat }: Pick<
    BroadcastProps,
    "broadcast" | "mail" | "chat"
  >,
) {
  return (
    <section class="previews" aria-label="As members see it">
      <article class="card" aria-labelledby="in-inbox">
        <h3 id="in-inbox">In the inbox</h3>
        <p>
          <KindMark kind="broadcast" /> <strong dir="auto">{title}</strong>
        </p>
        {text !== "" && <p class="said" dir="auto">{text}</p>}
      </article>
      {channels.mail && (
        <article class="card" aria-labelledby="by-mail">
          <h3 id="by-mail">By mail</h3>
          <dl class="envelope">
            <div>
              <dt>From</dt>
              <dd>{`Clock Work <${mail.from}>`}</dd>
            </div>
            <div>
              <dt>Subject</dt>
              <dd dir="auto">{mail.subject}</dd>
            </div>
          </dl>
          <p>
            <strong dir="auto">{title}</strong>
          </p>
          {text !== "" && <p class="said" dir="auto">{text}</p>}
          <p class="hint">
            {mail.why} · No more of these by mail: {mail.stop}
          </p>
        </article>
      )}
      {channels.telegram && (
        <article class="card" aria-labelledby="in-telegram">
          <h3 id="in-telegram">In Telegram</h3>
          {/* Escaped where it was made; its one tag is <b>. */}
          <p class="said" dir="auto" dangerouslySetInnerHTML={{ __html: chat.html }} />
        </article>
      )}
    </section>
  );
}
