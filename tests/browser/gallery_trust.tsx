import type { SuppressionView } from "../../domain/admin/admin_suppressions.ts";
import type { AuditLineView } from "../../domain/admin/audit_view.ts";
import type { MemberView } from "../../domain/admin/member_view.ts";
import type { MemberPage } from "../../domain/admin/members.ts";
import { AdminAuditPage } from "../../views/admin_audit.tsx";
import { AdminMemberPage } from "../../views/admin_member.tsx";
import { AdminMembersPage } from "../../views/admin_members.tsx";
import { AdminSendingPage } from "../../views/admin_sending.tsx";
import { AdminSuppressionsPage } from "../../views/admin_suppressions.tsx";
import { ada, chrome, DAY, LONG_WORD, MINUTE, NOW } from "./gallery_samples.ts";

const root = chrome({ viewer: { ...ada, role: "admin" } });
const some = (count: number) => ({ count, more: false });

const member = {
  id: ada.id,
  email: ada.email,
  name: ada.name,
  role: "admin",
  zone: "Asia/Kolkata",
  verified: { at: NOW, by: "operator" },
  createdAt: NOW - 9 * DAY,
} as const;
const plain = { ...member, role: "member", name: "<i>Bob</i>", email: "bob@example.net" } as const;
const members: MemberPage = {
  items: [
    { ...member, id: "1", role: "member", name: LONG_WORD, verified: null },
    { ...plain, id: "2" },
    { ...plain, id: "3", name: "Eve", suspended: { at: NOW, by: ada.id } },
    { ...plain, id: "4", name: "Gone", closedAt: NOW },
    member,
  ],
  next: "c",
  looked: 50,
};
const day = { bounced: 1, complained: 0, invited: 2, refused: 0, limited: false };
const bob: MemberView = {
  ...plain,
  id: "2".padStart(26, "0"),
  name: "Bob",
  paused: null,
  perDay: null,
  counts: { notes: 14, unread: 2, reminders: 1 },
  sessions: 2,
  seenAt: NOW - 9 * MINUTE,
  chat: "on",
  today: { ...day, reserved: 5, sent: 3 },
  lately: { ...day, reserved: 1_205, sent: 1_188 },
  days: 14,
  reported: [],
};

const open = { stopped: null, breaker: null, restored: null };
const stopped = {
  stopped: { at: NOW - 20 * MINUTE, by: ada.id },
  breaker: { at: NOW - 2 * DAY, why: "too many recipients complained within a day" },
  restored: { at: NOW - DAY, past: "held" as const },
};

const suppression: SuppressionView = {
  ref: "a.all",
  shown: "a…@example.org",
  scope: "all",
  cause: "complaint",
  at: NOW - 3 * DAY,
  until: null,
  sender: null,
  over: false,
};
const suppressions: SuppressionView[] = [
  suppression,
  { ...suppression, ref: "b.all", cause: "soft_bounces", until: NOW + 4 * DAY },
  { ...suppression, ref: "c.all", cause: "soft_bounces", until: NOW - DAY, over: true },
  { ...suppression, ref: "d.broadcasts", scope: "broadcasts", cause: "unsubscribe" },
  {
    ...suppression,
    ref: "e.sender",
    shown: `l…@${LONG_WORD.toLowerCase().slice(0, 60)}.example.com`,
    scope: `sender:${ada.id}`,
    cause: "refused",
    sender: { id: ada.id, name: LONG_WORD },
  },
];

const line: AuditLineView = {
  seq: 412,
  at: NOW - 4 * MINUTE,
  act: "member_suspended",
  by: ada.id,
  about: bob.id,
  facts: {},
  hash: "h",
  byName: ada.name,
  aboutName: "Bob",
};
const nobody = { by: null, byName: null, about: null, aboutName: null };
const lines: AuditLineView[] = [
  line,
  { ...line, seq: 411, act: "role_changed", facts: { from: "admin", to: "member" } },
  { ...line, seq: 410, act: "signed_in", about: ada.id, aboutName: ada.name },
  {
    ...line,
    seq: 409,
    act: "broadcast_confirmed",
    about: "b".padStart(26, "0"),
    aboutName: null,
    facts: { members: 12 },
  },
  {
    ...line,
    seq: 408,
    act: "job_act",
    about: "j".padStart(26, "0"),
    aboutName: null,
    facts: { act: "cancel", kind: "email_note" },
  },
  {
    ...line,
    ...nobody,
    seq: 407,
    act: "started",
    facts: { version: "0.2.0", settings: "0p8Jxk2nT1mB7c-_" },
  },
  { ...line, seq: 406, act: "suppressed", facts: { address: LONG_WORD, scope: "all" } },
];

export const trustPages = {
  admin_members: <AdminMembersPage chrome={root} members={members} q="" wrong={null} />,
  admin_members_search: (
    <AdminMembersPage
      chrome={root}
      members={{ ...members, items: members.items.slice(0, 1), looked: 2_000 }}
      q="example"
      wrong={null}
    />
  ),
  admin_members_wrong: (
    <AdminMembersPage
      chrome={root}
      members={{ items: [], next: null, looked: 0 }}
      q="x"
      wrong="Cannot search for this: it is longer than 200 characters"
    />
  ),
  admin_member: <AdminMemberPage chrome={root} member={bob} typed={null} wrong={{}} />,
  admin_member_paused: (
    <AdminMemberPage
      chrome={{ ...root, sending: stopped }}
      member={{
        ...bob,
        name: LONG_WORD,
        suspended: { at: NOW - DAY, by: ada.id },
        paused: { at: NOW - 2 * DAY, why: "two recipients complained within a day" },
        perDay: 20,
        chat: "off",
        lately: { ...bob.lately, limited: true },
        reported: [
          {
            at: NOW - 2 * DAY,
            shown: "c…@example.net",
            title: "Cheap watches <b>now</b>",
            text: `Buy three, get one.\n\n${LONG_WORD}`,
            expiresAt: NOW + 88 * DAY,
          },
          {
            at: NOW - 3 * DAY,
            shown: "d…@example.net",
            title: LONG_WORD,
            text: "",
            expiresAt: NOW + 87 * DAY,
          },
        ],
      }}
      typed="many"
      wrong={{ perDay: "Cannot allow so many: say a whole number from 0 to 100,000" }}
    />
  ),
  admin_member_self: (
    <AdminMemberPage
      chrome={root}
      member={{ ...bob, ...member, seenAt: null, sessions: 0 }}
      typed={null}
      wrong={{}}
    />
  ),
  admin_sending: (
    <AdminSendingPage chrome={root} sending={{ ...open, held: null, texts: [] }} stoppedBy={null} />
  ),
  admin_sending_held: (
    <AdminSendingPage
      chrome={{ ...root, sending: stopped }}
      sending={{
        ...stopped,
        held: {
          notes: some(12),
          reminders: { count: 1_204, more: true },
          broadcasts: some(0),
          account: some(3),
        },
        texts: [
          {
            ref: "a".repeat(43),
            heldAt: NOW - 40 * MINUTE,
            recipients: 64,
            senders: [
              { id: "1", name: "Ada" },
              { id: "2", name: "Bob" },
              { id: "3", name: LONG_WORD },
              { id: "4", name: "Eve" },
            ],
          },
          { ref: "b".repeat(43), heldAt: NOW - DAY, recipients: 212, senders: [] },
        ],
      }}
      stoppedBy="Ada Lovelace"
    />
  ),
  admin_suppressions: (
    <AdminSuppressionsPage
      chrome={{ ...root, sending: stopped }}
      items={suppressions}
      next="c"
      found={false}
      typed=""
      wrong={{}}
    />
  ),
  admin_suppressions_none: (
    <AdminSuppressionsPage
      chrome={root}
      items={[]}
      next={null}
      found
      typed="bob@example.org"
      wrong={{}}
    />
  ),
  admin_suppressions_wrong: (
    <AdminSuppressionsPage
      chrome={root}
      items={[]}
      next={null}
      found={false}
      typed="bob"
      wrong={{ address: "Cannot use this e-mail address: it has no @" }}
    />
  ),
  admin_audit: (
    <AdminAuditPage
      chrome={root}
      lines={lines}
      next="c"
      filter={{}}
      check={{ lines: 412, whole: true, altered: null }}
    />
  ),
  admin_audit_altered: (
    <AdminAuditPage
      chrome={root}
      lines={lines.slice(0, 2)}
      next={null}
      filter={{ act: "member_suspended", member: ada.id }}
      check={{ lines: 412, whole: false, altered: 7 }}
    />
  ),
  admin_audit_long: (
    <AdminAuditPage
      chrome={root}
      lines={[]}
      next={null}
      filter={{ act: "reported" }}
      check={{ lines: 48_012, whole: null, altered: null }}
    />
  ),
};
