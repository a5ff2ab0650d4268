/** The shapes of the audit log; part of schema.ts. */

/** What may be written into the audit log. */
export type AuditAct =
  | "signed_in"
  | "sign_in_failed"
  | "new_device"
  | "signed_out_everywhere"
  | "password_changed"
  | "password_reset"
  | "reset_asked"
  | "email_change_asked"
  | "email_changed"
  | "email_change_undone"
  | "sudo"
  | "factor_added"
  | "factor_removed"
  | "factor_failed"
  | "recovery_code_used"
  | "recovery_codes_made"
  | "factors_reset"
  | "account_made"
  | "account_closed"
  | "closing_planned"
  | "account_kept"
  | "account_exported"
  | "account_imported"
  | "chat_linked"
  | "chat_unlinked"
  | "member_suspended"
  | "member_restored"
  | "role_changed"
  | "sessions_ended"
  | "quota_changed"
  | "sender_paused"
  | "sender_released"
  | "suppressed"
  | "suppression_lifted"
  | "address_erased"
  | "mail_refused"
  | "limit_hit"
  | "reported"
  | "sending_stopped"
  | "sending_resumed"
  | "breaker_opened"
  | "restored"
  | "restore_released"
  | "broadcast_confirmed"
  | "broadcast_cancelled"
  | "started"
  | "admin_made"
  | "job_act"
  | "text_held"
  | "text_decided";

/** One line of the audit log; never a body, a token or a full address. */
export interface AuditLine {
  /** From 1, without a gap. */
  seq: number;
  at: number;
  act: AuditAct;
  /** Who did it; null for nobody signed in, and for the service itself. */
  by: string | null;
  /** Which account or thing it was done to. */
  about: string | null;
  facts: Record<string, string | number | boolean>;
  /** SHA-256 over the hash of the line before and all of this one: a line that was altered shows. */
  hash: string;
}

/** The last line that was removed for its age: from here on the log must be whole. */
export type AuditFloor = Pick<AuditLine, "seq" | "hash">;

/** Something was audited and is not to be again before then. */
export interface AuditedLately {
  expiresAt: number;
}
