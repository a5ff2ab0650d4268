import type { SuppressionView } from "../domain/admin/admin_suppressions.ts";
import type { SuppressionCause, SuppressionScope } from "../kv/schema.ts";
import { AdminNav } from "./admin_nav.tsx";
import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field } from "./field.tsx";
import { Time } from "./time.tsx";

export interface AdminSuppressionsProps {
  chrome: Chrome;
  items: SuppressionView[];
  next: string | null;
  /** These are all that are known of one address. */
  found: boolean;
  typed: string;
  wrong: Wrong;
}

/** Why mail does not reach an address, in words. */
const causeWords: Record<SuppressionCause, string> = {
  bounce: "Nobody is there",
  soft_bounces: "It kept coming back",
  complaint: "Complained",
  unsubscribe: "Unsubscribed",
  refused: "Refused an invitation",
  never: "Wants none from anyone",
  admin: "By an admin",
};

/** What must not reach which address. */
export function AdminSuppressionsPage(props: AdminSuppressionsProps) {
  const { chrome, items, next, found, typed, wrong } = props;
  return (
    <Document chrome={chrome} title="Suppressed addresses">
      <h1 class="page-title">Admin</h1>
      <AdminNav section="suppressions" />
      <form class="find-form" method="post" action="/admin/suppressions/find">
        <Field
          name="address"
          label="E-mail address"
          type="email"
          required
          maxLength={254}
          defaultValue={typed}
          hint="The whole address: only its hash is kept, so no part of it can be looked for."
          wrong={wrong.address}
        />
        <div class="row">
          <button type="submit">Look it up</button>
          <button type="submit" formAction="/admin/suppressions" class="danger">
            Suppress it
          </button>
        </div>
      </form>
      {found && (
        <p class="admin-word">
          {items.length === 0
            ? "Nothing keeps mail from this address. "
            : "What is known of this address: "}
          <a href="/admin/suppressions">Show all</a>
        </p>
      )}
      {items.length === 0 && !found && (
        <p class="none">No address is suppressed. Those that bounce or complain come here.</p>
      )}
      {items.length > 0 && <Table chrome={chrome} items={items} />}
      {next && (
        <p class="more">
          <a
            class="button"
            rel="next"
            href={`/admin/suppressions?${new URLSearchParams({ cursor: next })}`}
          >
            Show more
          </a>
        </p>
      )}
    </Document>
  );
}

function Table(
  { chrome: { now, reader }, items }: Pick<AdminSuppressionsProps, "chrome" | "items">,
) {
  return (
    <table class="admin-table masked">
      <caption class="unseen">Suppressed addresses</caption>
      <thead>
        <tr>
          <th scope="col">Address</th>
          <th scope="col">What does not reach it</th>
          <th scope="col">Why</th>
          <th scope="col">Since</th>
          <th scope="col">Ends</th>
          <th scope="col">
            <span class="unseen">Acts</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.ref}>
            <th scope="row">{item.shown || "erased"}</th>
            <td>
              <Scope {...item} />
            </td>
            <td>
              {causeWords[item.cause]}
              {item.chosen && (
                <small>{`beneath: ${causeWords[item.chosen.cause].toLowerCase()}`}</small>
              )}
            </td>
            <td class="at since">
              <Time at={item.at} now={now} reader={reader} />
            </td>
            <td class="at until">
              {item.over && "ended "}
              {item.until === null
                ? "when lifted"
                : <Time at={item.until} now={now} reader={reader} />}
            </td>
            <td class="acts">
              <form method="post" action="/admin/suppressions/lift">
                <input type="hidden" name="ref" value={item.ref} />
                <button
                  type="submit"
                  class="quiet"
                  aria-label={`Lift for ${item.shown || "an erased address"}`}
                >
                  Lift
                </button>
              </form>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const scopeWords: Partial<Record<SuppressionScope, string>> = {
  all: "All mail",
  broadcasts: "Announcements",
  notes: "Notes to themselves",
  reminders: "Reminders to themselves",
};

function Scope({ scope, sender }: SuppressionView) {
  const words = scopeWords[scope];
  if (words) return <>{words}</>;
  return sender === null ? <>Mail from a member who is gone</> : (
    <>
      Mail from <a href={`/admin/members/${sender.id}`} dir="auto">{sender.name}</a>
    </>
  );
}
