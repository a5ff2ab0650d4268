import type { MemberView } from "../domain/admin/member_view.ts";
import { count } from "../islands/words.ts";
import type { MailDay } from "../kv/schema.ts";
import { Fact } from "./admin_fact.tsx";
import { MemberState } from "./admin_members.tsx";
import { MemberActs } from "./admin_member_acts.tsx";
import { AdminNav } from "./admin_nav.tsx";
import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field } from "./field.tsx";
import { ReportedMails } from "./reported_mails.tsx";
import { Time, WholeTime } from "./time.tsx";

export interface AdminMemberProps {
  chrome: Chrome;
  member: MemberView;
  /** What was typed for their messages a day, when that was not good. */
  typed: string | null;
  wrong: Wrong;
}

/** One member: how much there is of everything, what it says only where it was reported, and what may be done. */
export function AdminMemberPage({ chrome, member, typed, wrong }: AdminMemberProps) {
  const { now, reader } = chrome;
  const { name, email, role, zone, createdAt, factorAt, suspended } = member;
  const { seenAt, sessions, chat, counts } = member;
  return (
    <Document chrome={chrome} title={name}>
      <h1 class="page-title">Admin</h1>
      <AdminNav section="members" />
      <header class="member-head">
        <h2 dir="auto">{name}</h2>
        <p>
          {email} <MemberState member={member} />
        </p>
      </header>
      <dl class="card instance">
        <Fact name="Role">{role === "admin" ? "Admin" : "Member"}</Fact>
        <Fact name="Second factor">
          {factorAt === undefined ? "none" : (
            <>
              {"since "}
              <Time at={factorAt} now={now} reader={reader} how="full" />
            </>
          )}
        </Fact>
        <Fact name="Joined">
          <Time at={createdAt} now={now} reader={reader} how="full" />
        </Fact>
        <Fact name="Last seen">
          {seenAt === null
            ? "not signed in"
            : <Time at={seenAt} now={now} reader={reader} how="relative" />}
        </Fact>
        <Fact name="Signed in">{count(sessions, "browser", "browsers")}</Fact>
        <Fact name="Has">
          {`${count(counts.notes, "note", "notes")}, ${
            count(counts.reminders, "active reminder", "active reminders")
          }`}
        </Fact>
        <Fact name="Telegram">
          {chat === null ? "not linked" : chat === "on" ? "linked" : "linked, turned off"}
        </Fact>
        <Fact name="Zone">{zone}</Fact>
        {suspended && (
          <Fact name="Suspended">
            <Time at={suspended.at} now={now} reader={reader} how="full" />
          </Fact>
        )}
      </dl>
      <div class="panes">
        <Mail chrome={chrome} member={member} typed={typed} wrong={wrong} />
        <div class="pane">
          <MemberActs member={member} self={chrome.viewer?.id === member.id} />
          {member.reported.length > 0 && (
            <ReportedMails chrome={chrome} reported={member.reported} />
          )}
        </div>
      </div>
    </Document>
  );
}

const figures: [keyof Omit<MailDay, "limited" | "hours">, string][] = [
  ["reserved", "Asked for"],
  ["sent", "Sent"],
  ["bounced", "Bounced"],
  ["complained", "Complaints"],
  ["invited", "Invited"],
  ["refused", "Refused"],
];

function Mail({ chrome: { now, reader }, member, typed, wrong }: AdminMemberProps) {
  const { id, today, lately, paused, perDay } = member;
  const action = (name: string) => `/admin/members/${id}/${name}`;
  return (
    <section class="card sheet-form" aria-labelledby="mail">
      <h2 id="mail">Mail</h2>
      {paused && (
        <form method="post" action={action("release")} class="problem-box">
          <p>
            <strong>Paused</strong> <WholeTime at={paused.at} now={now} reader={reader} />
            {`: ${paused.why}.`}
          </p>
          <button type="submit">Release {member.name}</button>
        </form>
      )}
      <table class="counts">
        <caption class="unseen">Messages</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">What became of them</span>
            </th>
            <th scope="col">Today</th>
            <th scope="col">{`${member.days} days`}</th>
          </tr>
        </thead>
        <tbody>
          {figures.map(([name, text]) => (
            <tr key={name}>
              <th scope="row">{text}</th>
              <td>{today[name].toLocaleString("en")}</td>
              <td>{lately[name].toLocaleString("en")}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {lately.limited && <p class="hint">Hit the day’s limit in these days.</p>}
      <form method="post" action={action("quota")} class="daily">
        <Field
          name="perDay"
          label="Messages a day"
          maxLength={7}
          defaultValue={typed ?? String(perDay ?? "")}
          hint="0 to 100,000; empty for the usual number."
          wrong={wrong.perDay}
        />
        <button type="submit">Save the limit</button>
      </form>
    </section>
  );
}
