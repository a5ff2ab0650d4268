import type { Words } from "./account_words.ts";

/** Letters about what is asked for beside the password. */
export const factorWords = {
  factor_added: {
    subject: "A second factor was added",
    says: [
      "To sign in to your account one needs more than the password from now on. Added just now: %",
      "If it was not you, remove it in your account and change your password. Where you cannot get in any more, write to whoever runs this service.",
    ],
    button: "Open my account",
  },
  factor_removed: {
    subject: "A second factor was removed",
    says: [
      "Signing in to your account no longer takes what was removed just now: %",
      "If it was not you, change your password and add it again.",
    ],
    button: "Open my account",
  },
  factor_failed: {
    subject: "Somebody has your password",
    says: [
      "Several times today the password of your account, or the link of a letter to you, was followed by a wrong code. Nobody was let in.",
      "If it was you, there is nothing to do. If not, somebody knows your password or reads your mail: choose a new password now.",
    ],
    button: "Open my account",
  },
  recovery_code_used: {
    subject: "A recovery code was used",
    says: [
      "One of your recovery codes was used just now in place of your second factor. It works no more. Left: %",
      "If it was not you, change your password and make new codes. If few are left, make new ones too.",
    ],
    button: "Open my account",
  },
  codes_made: {
    subject: "New recovery codes were made",
    says: [
      "New recovery codes were made for your account just now. Those from before work no more.",
      "If it was not you, change your password and make new ones.",
    ],
    button: "Open my account",
  },
  factors_reset: {
    subject: "Your second factors were removed",
    says: [
      "Whoever runs this service has removed all second factors of your account, and signed you out everywhere.",
      "Sign in and add one again. Where the password is refused it was too short to stand alone: choose a new one on the sign-in page.",
    ],
    button: "Sign in",
  },
} satisfies Record<string, Words>;
