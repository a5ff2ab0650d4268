import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";

export interface ReminderLinkProps {
  chrome: Chrome;
  title: string;
  /** How the reminder is now: "It rings." */
  status: string;
  /** What pressing would do; none where nothing is left to do. */
  button?: string | null;
  /** Where it posts. */
  action?: string;
}

/** A reminder as a link in its letter opens it: how it is, and the one thing that link does. */
export function ReminderLinkPage({ chrome, title, status, button, action }: ReminderLinkProps) {
  return (
    <Document chrome={chrome} title={title} layout="narrow">
      <form class="card sheet-form" method="post" action={action}>
        <h1 dir="auto">{title}</h1>
        <p class="lead" role="status">{status}</p>
        {button && <button type="submit" class="primary">{button}</button>}
        <a class="button quiet" href="/">Open Clock Work</a>
      </form>
    </Document>
  );
}
