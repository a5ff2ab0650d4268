import type { Member, MemberPage } from "../domain/admin/members.ts";
import { Mark } from "../islands/marks.tsx";
import { count } from "../islands/words.ts";
import { AdminNav } from "./admin_nav.tsx";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { SearchIcon } from "./icons.tsx";
import { Time } from "./time.tsx";

export interface AdminMembersProps {
  chrome: Chrome;
  /** Newest first. */
  members: MemberPage;
  /** What was searched for. */
  q: string;
  wrong: string | null;
}

/** Who has an account here. */
export function AdminMembersPage({ chrome, members, q, wrong }: AdminMembersProps) {
  const { items, next, looked } = members;
  const { now, reader } = chrome;
  return (
    <Document chrome={chrome} title="Members">
      <h1 class="page-title">Admin</h1>
      <AdminNav section="members" />
      <search class="find">
        <form method="get" action="/admin/members">
          <label class="unseen" for="q">Search members by name, address or id</label>
          <SearchIcon />
          <input
            id="q"
            name="q"
            type="search"
            defaultValue={q}
            maxLength={200}
            placeholder="Name, address or id"
            enterKeyHint="search"
            aria-describedby={wrong ? "q-wrong" : undefined}
            aria-invalid={wrong ? true : undefined}
          />
          <button type="submit" class="quiet">Search</button>
        </form>
        {wrong && <p id="q-wrong" class="wrong" role="alert">{wrong}</p>}
      </search>
      {q !== "" && !wrong && (
        <p class="admin-word">
          {`${count(items.length, "member", "members")} with “${q}” among ${
            count(looked, "account", "accounts")
          }`}
          {next === null ? ". " : "; older ones were not looked at yet. "}
          <a href="/admin/members">Show all</a>
        </p>
      )}
      {items.length === 0
        ? <p class="none">{q === "" ? "No more members." : "Nobody here fits."}</p>
        : (
          <table class="admin-table people">
            <caption class="unseen">Members, the newest first</caption>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Role</th>
                <th scope="col">State</th>
                <th scope="col">Zone</th>
                <th scope="col">Joined</th>
              </tr>
            </thead>
            <tbody>
              {items.map((member) => (
                <tr key={member.id}>
                  <th scope="row" dir="auto">
                    <a href={`/admin/members/${member.id}`}>{member.name}</a>
                    <small>{member.email}</small>
                  </th>
                  <td>{member.role === "admin" ? "Admin" : "Member"}</td>
                  <td>
                    <MemberState member={member} />
                  </td>
                  <td>{member.zone}</td>
                  <td class="at joined">
                    <Time at={member.createdAt} now={now} reader={reader} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      {next && (
        <p class="more">
          <a class="button" rel="next" href={`/admin/members?${queryOf(q, next)}`}>
            {q === "" ? "Show older members" : "Search older accounts"}
          </a>
        </p>
      )}
    </Document>
  );
}

const queryOf = (q: string, cursor: string) =>
  `${new URLSearchParams(q === "" ? { cursor } : { q, cursor })}`;

/** How an account is, in a word or two. */
export function MemberState({ member }: { member: Member }) {
  const { verified, suspended, closedAt } = member;
  if (closedAt !== undefined) return <Sign tone="calm" mark="skip" text="Closed" />;
  if (suspended) return <Sign tone="bad" mark="fail" text="Suspended" />;
  if (!verified) return <Sign tone="time" mark="wait" text="Not confirmed" />;
  return <Sign tone="good" mark="done" text={`Confirmed ${proofs[verified.by]}`} />;
}

function Sign({ tone, mark, text }: {
  tone: "calm" | "bad" | "time" | "good";
  mark: "skip" | "fail" | "wait" | "done";
  text: string;
}) {
  return (
    <span class={`sign ${tone}`}>
      <Mark name={mark} />
      {text}
    </span>
  );
}

const proofs = {
  outbox: "in the outbox",
  smtp: "by mail",
  mailjet: "by mail",
  operator: "by the operator",
};
