import type { Announcement } from "../domain/broadcasts/announcements.ts";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { BackIcon } from "./icons.tsx";
import { WholeTime } from "./time.tsx";

export interface AnnouncementProps {
  chrome: Chrome;
  announcement: Announcement;
}

/** What was announced to everybody, whole. */
export function AnnouncementPage({ chrome, announcement }: AnnouncementProps) {
  const { from, title, text, at } = announcement;
  const { now, reader } = chrome;
  return (
    <Document chrome={chrome} title={title} section="inbox">
      <p class="crumbs">
        <a href="/inbox">
          <BackIcon /> Inbox
        </a>
      </p>
      <article class="card announcement">
        <h1 dir="auto">{title}</h1>
        <p class="by">
          {from === null ? "To" : (
            <>
              <span dir="auto">{from}</span>, to
            </>
          )} everybody · <WholeTime at={at} now={now} reader={reader} />
        </p>
        {text !== "" && <p class="said" dir="auto">{text}</p>}
      </article>
    </Document>
  );
}
