import type { Preferences } from "../kv/schema.ts";

export interface NewsProps {
  preferences: Preferences;
  /** Telegram is set up here; then the way is offered. */
  telegram: boolean;
  /** There is a chat that takes them. */
  linked: boolean;
}

const rows = [
  { kind: "reminders", label: "Reminders", hint: "where new ones ring", mail: true },
  { kind: "mailings", label: "Finished mailings", hint: null, mail: false },
  { kind: "broadcasts", label: "Announcements", hint: "of those who run this", mail: true },
] as const;

/** Of what one wants to hear, and by which way; the inbox has it all. */
export function NewsCard({ preferences, telegram, linked }: NewsProps) {
  return (
    <form id="news" class="card sheet-form news" method="post" action="/account/news">
      <h2>Notifications</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">What</span>
            </th>
            <th scope="col">Inbox</th>
            <th scope="col">Mail</th>
            {telegram && <th scope="col">Telegram</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ kind, label, hint, mail }) => (
            <tr key={kind}>
              <th scope="row">
                {label}
                {hint && <small>{hint}</small>}
              </th>
              <td>always</td>
              <td>
                {mail ? <Way {...{ kind, label, preferences }} way="mail" /> : <Never />}
              </td>
              {telegram && (
                <td>
                  <Way {...{ kind, label, preferences }} way="telegram" />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">
        {!telegram
          ? "Telegram is not set up here."
          : linked
          ? "What is on its way already stays as it is."
          : "Telegram counts once a linked chat takes messages."}
      </p>
      <button type="submit">Save notifications</button>
    </form>
  );
}

interface WayProps {
  kind: keyof Preferences;
  label: string;
  way: "mail" | "telegram";
  preferences: Preferences;
}

function Way({ kind, label, way, preferences }: WayProps) {
  return (
    <label class="way">
      <input
        type="checkbox"
        name={`${kind}_${way}`}
        defaultChecked={preferences[kind][way]}
        aria-label={`${label} by ${way === "mail" ? "mail" : "Telegram"}`}
      />
    </label>
  );
}

function Never() {
  return (
    <>
      <span aria-hidden="true">–</span>
      <span class="unseen">never</span>
    </>
  );
}
