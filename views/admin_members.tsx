import type { Member } from "../domain/members.ts";
import { Mark } from "../islands/marks.tsx";
import { AdminNav } from "./admin_nav.tsx";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Time } from "./time.tsx";

export interface AdminMembersProps {
  chrome: Chrome;
  /** Newest first. */
  members: Member[];
  next: string | null;
}

/** Who has an account here. */
export function AdminMembersPage({ chrome, members, next }: AdminMembersProps) {
  const { now, reader } = chrome;
  return (
    <Document chrome={chrome} title="Members">
      <h1 class="page-title">Admin</h1>
      <AdminNav section="members" />
      {members.length === 0 ? <p class="none">No more members.</p> : (
        <table class="admin-table">
          <caption class="unseen">Members, the newest first</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              <th scope="col">Address</th>
              <th scope="col">Zone</th>
              <th scope="col">Joined</th>
            </tr>
          </thead>
          <tbody>
            {members.map(({ id, name, email, role, zone, verified, createdAt }) => (
              <tr key={id}>
                <th scope="row" dir="auto">
                  {name}
                  <small>{email}</small>
                </th>
                <td>{role === "admin" ? "Admin" : "Member"}</td>
                <td>
                  <span class={`sign ${verified ? "good" : "time"}`}>
                    <Mark name={verified ? "done" : "wait"} />
                    {verified ? `Confirmed ${proofs[verified.by]}` : "Not confirmed"}
                  </span>
                </td>
                <td>{zone}</td>
                <td>
                  <Time at={createdAt} now={now} reader={reader} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {next && (
        <p class="more">
          <a
            class="button"
            rel="next"
            href={`/admin/members?${new URLSearchParams({ cursor: next })}`}
          >
            Show older members
          </a>
        </p>
      )}
    </Document>
  );
}

const proofs = {
  outbox: "in the outbox",
  smtp: "by mail",
  mailjet: "by mail",
  operator: "by the operator",
};
