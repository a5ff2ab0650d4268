import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";

export interface ConfirmProps {
  chrome: Chrome;
  title: string;
  /** What the button will do, to whom. */
  text: string;
  /** Where it posts: mail scanners open links, so a link only shows this page. */
  action: string;
  button: string;
  fields?: Record<string, string>;
  /** A way out. */
  cancel?: { label: string; href: string };
}

/** One question, one button. */
export function ConfirmPage(props: ConfirmProps) {
  const { chrome, title, text, action, button, fields = {}, cancel } = props;
  return (
    <Document chrome={chrome} title={title} layout="narrow">
      <form class="card sheet-form" method="post" action={action}>
        <h1>{title}</h1>
        <p class="lead">{text}</p>
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <button type="submit" class="primary">{button}</button>
        {cancel && <a class="button quiet" href={cancel.href}>{cancel.label}</a>}
      </form>
    </Document>
  );
}
