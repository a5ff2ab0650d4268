import { key } from "./key.ts";
import type {
  Account,
  AppEvent,
  AuditedLately,
  AuditFloor,
  AuditLine,
  Broadcast,
  BroadcastRun,
  Chat,
  ChatAsked,
  ChatCard,
  ChatLink,
  ChatPoller,
  ChatProgress,
  ChatUpdateTaken,
  Consent,
  Counts,
  Delivery,
  Devices,
  EmailChange,
  Factors,
  FailuresLately,
  Feed,
  FileKind,
  ImportReport,
  Instance,
  JobRecord,
  MailDay,
  Mailing,
  NewestToken,
  Note,
  Notification,
  Occurrence,
  OutboxMail,
  OwnAddress,
  Preferences,
  Purge,
  Reminder,
  Reported,
  SameText,
  Sender,
  Sending,
  Session,
  SetUp,
  SoftBounces,
  StoredFile,
  SuppressedLately,
  Suppression,
  SuppressionScope,
  Tick,
  Token,
  Tombstone,
  Tries,
} from "./schema.ts";

export type { Key, Prefix, Range } from "./key.ts";
export { ranges } from "./ranges.ts";

/** The whole key space. An index stores the id it points at, never a copy. */
export const keys = {
  instance: key<Instance>("instance"),
  commitToken: (writer: string, slot: number) => key<string>("commit_token", writer, slot),

  account: (id: string) => key<Account>("account", id),
  counts: (accountId: string) => key<Counts>("counts", accountId),
  accountByEmail: (email: string) => key<string>("account_by_email", email),
  accountUnproven: (createdAt: number, id: string) =>
    key<string>("account_unproven", createdAt, id),
  setUp: key<SetUp>("set_up"),
  session: (hash: string) => key<Session>("session", hash),
  sessionByAccount: (accountId: string, createdAt: number, hash: string) =>
    key<string>("session_by_account", accountId, createdAt, hash),
  token: (hash: string) => key<Token>("token", hash),
  tries: (what: string, who: string) => key<Tries>("tries", what, who),

  note: (id: string) => key<Note>("note", id),
  noteText: (id: string, part: number) => key<Uint8Array>("note_text", id, part),
  noteByOwner: (ownerId: string, createdAt: number, id: string) =>
    key<string>("note_by_owner", ownerId, createdAt, id),

  job: (id: string) => key<JobRecord>("job", id),
  jobByDue: (at: number, id: string) => key<string>("job_by_due", at, id),
  jobByOwner: (ownerId: string, createdAt: number, id: string) =>
    key<string>("job_by_owner", ownerId, createdAt, id),
  jobByEnd: (at: number, id: string) => key<string>("job_by_end", at, id),

  /** Which demonstration holds one of a person's places for them. */
  demo: (accountId: string, place: number) => key<string>("demo", accountId, place),
  tick: key<Tick>("tick"),
  /** Where it is tried whether the store takes writes. */
  trial: key<number>("trial"),

  mailing: (jobId: string) => key<Mailing>("mailing", jobId),
  mailingText: (jobId: string, part: number) => key<Uint8Array>("mailing_text", jobId, part),
  mailingByOwner: (ownerId: string, createdAt: number, jobId: string) =>
    key<string>("mailing_by_owner", ownerId, createdAt, jobId),
  mailingByNote: (noteId: string, createdAt: number, jobId: string) =>
    key<string>("mailing_by_note", noteId, createdAt, jobId),
  delivery: (jobId: string, number: number) => key<Delivery>("delivery", jobId, number),

  notification: (accountId: string, at: number, id: string) =>
    key<Notification>("notification", accountId, at, id),

  notificationById: (accountId: string, id: string) =>
    key<number>("notification_by_id", accountId, id),

  outboxMail: (id: string) => key<OutboxMail>("outbox_mail", id),
  outboxBody: (id: string, format: "text" | "html", part: number) =>
    key<Uint8Array>("outbox_body", id, format, part),
  outboxBySender: (accountId: string, at: number, id: string) =>
    key<string>("outbox_by_sender", accountId, at, id),
  outboxByRecipient: (address: string, at: number, id: string) =>
    key<string>("outbox_by_recipient", address, at, id),

  reminder: (id: string) => key<Reminder>("reminder", id),
  reminderByOwner: (ownerId: string, createdAt: number, id: string) =>
    key<string>("reminder_by_owner", ownerId, createdAt, id),
  reminderByNote: (noteId: string, createdAt: number, id: string) =>
    key<string>("reminder_by_note", noteId, createdAt, id),
  occurrence: (reminderId: string, dueAt: number) =>
    key<Occurrence>("occurrence", reminderId, dueAt),
  /** Those that wait, ring or are snoozed, by when they ring. */
  occurrenceByOwner: (ownerId: string, ringAt: number, reminderId: string, dueAt: number) =>
    key<string>("occurrence_by_owner", ownerId, ringAt, reminderId, dueAt),

  chat: (chatId: number) => key<Chat>("chat", chatId),
  chatOf: (accountId: string) => key<number>("chat_of", accountId),
  chatLink: (hash: string) => key<ChatLink>("chat_link", hash),
  chatLinkOf: (accountId: string) => key<string>("chat_link_of", accountId),
  chatUpdate: (updateId: number) => key<ChatUpdateTaken>("chat_update", updateId),
  chatCard: (chatId: number, id: string) => key<ChatCard>("chat_card", chatId, id),
  chatAsked: (chatId: number) => key<ChatAsked>("chat_asked", chatId),
  chatProgress: (jobId: string) => key<ChatProgress>("chat_progress", jobId),
  chatPoller: key<ChatPoller>("chat_poller"),
  preferences: (accountId: string) => key<Preferences>("preferences", accountId),

  broadcast: (id: string) => key<Broadcast>("broadcast", id),
  broadcastByTime: (createdAt: number, id: string) =>
    key<string>("broadcast_by_time", createdAt, id),
  broadcastRun: (broadcastId: string, dueAt: number) =>
    key<BroadcastRun>("broadcast_run", broadcastId, dueAt),

  /** Addresses stand in keys by their hash alone. */
  consent: (ownerId: string, hash: string) => key<Consent>("consent", ownerId, hash),
  /** Whose jobs wait for somebody's consent. */
  awaitingConsent: (ownerId: string, hash: string, jobId: string) =>
    key<string>("awaiting_consent", ownerId, hash, jobId),
  /** Who has asked an address: its owner, too, may look at that and change the answer. */
  consentByAddress: (hash: string, ownerId: string) =>
    key<string>("consent_by_address", hash, ownerId),
  /** When a member asked a mailbox, by the hash of its plain spelling; stays for ever. */
  invited: (ownerId: string, hash: string) => key<number>("invited", ownerId, hash),
  ownAddress: (accountId: string, hash: string) => key<OwnAddress>("own_address", accountId, hash),
  suppression: (hash: string, scope: SuppressionScope) =>
    key<Suppression>("suppression", hash, scope),
  softBounces: (hash: string) => key<SoftBounces>("soft_bounces", hash),
  suppressedLately: key<SuppressedLately>("suppressed_lately"),
  failuresLately: key<FailuresLately>("failures_lately"),
  mailDay: (accountId: string, day: string) => key<MailDay>("mail_day", accountId, day),
  sender: (accountId: string) => key<Sender>("sender", accountId),
  sending: key<Sending>("sending"),
  audit: (seq: number) => key<AuditLine>("audit", seq),
  auditHead: key<AuditLine>("audit_head"),
  auditFloor: key<AuditFloor>("audit_floor"),
  /** With which version and settings the last start was that is in the audit log. */
  started: key<string>("started"),
  auditedLately: (act: string, who: string) => key<AuditedLately>("audited_lately", act, who),
  newestToken: (purpose: string, hash: string) => key<NewestToken>("newest_token", purpose, hash),
  emailChange: (accountId: string) => key<EmailChange>("email_change", accountId),
  devices: (accountId: string) => key<Devices>("devices", accountId),
  factors: (accountId: string) => key<Factors>("factors", accountId),

  file: (id: string) => key<StoredFile>("file", id),
  filePart: (id: string, part: number) => key<Uint8Array>("file_part", id, part),
  /** The last one of a kind. */
  fileOf: (accountId: string, kind: FileKind) => key<string>("file_of", accountId, kind),
  importReport: (accountId: string) => key<ImportReport>("import_report", accountId),
  purge: (id: string) => key<Purge>("purge", id),
  tombstone: (accountId: string) => key<Tombstone>("tombstone", accountId),
  reported: (senderId: string, hash: string) => key<Reported>("reported", senderId, hash),
  sameText: (hash: string) => key<SameText>("same_text", hash),

  feed: (topic: string) => key<Feed>("feed", topic),
  event: (topic: string, seq: number) => key<AppEvent>("event", topic, seq),
};
