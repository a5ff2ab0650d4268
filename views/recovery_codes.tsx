import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";

export interface RecoveryCodesProps {
  chrome: Chrome;
  codes: string[];
  /** What has just happened. */
  said: string;
}

/** Recovery codes, this once. */
export function RecoveryCodesPage({ chrome, codes, said }: RecoveryCodesProps) {
  return (
    <Document chrome={chrome} title="Recovery codes" layout="narrow">
      <section class="card sheet-form">
        <h1>Recovery codes</h1>
        <p class="lead">{said} Keep these for the day when your device is lost.</p>
        <ul class="codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <p class="hint">
          Each is good for one sign-in. They are shown only now; whoever has one and your password
          is you.
        </p>
        <a class="button primary" href="/account#factor">I have kept them</a>
      </section>
    </Document>
  );
}
