/** What a letter says. */
export interface Words {
  subject: string;
  /** "%" stands for what it is about. */
  says: string[];
  button: string;
}

/** Letters about getting in, the address, and the account itself. */
export const accountWords = {
  activate: {
    subject: "Confirm your address",
    says: [
      "Somebody, most likely you, made an account with this address.",
      "Confirm it within a day and you can start. If it was not you, do nothing: the account goes away.",
    ],
    button: "Confirm my address",
  },
  already_member: {
    subject: "You already have an account",
    says: [
      "Somebody, most likely you, tried to make an account with this address. There is one already.",
      "Sign in with the password you have. If it was not you, nothing has changed.",
    ],
    button: "Sign in",
  },
  password_changed: {
    subject: "Your password was changed",
    says: [
      "The password of your account was changed just now, and every other browser was signed out.",
      "If it was not you, choose a new one at once: on the sign-in page, by “Forgot your password?”.",
    ],
    button: "Open my account",
  },
  chat_linked: {
    subject: "Telegram is linked to your account",
    says: [
      "A Telegram chat was linked to your account just now. Whoever writes there reads and writes your notes.",
      "If it was not you, unlink it in your account and change your password.",
    ],
    button: "Open my account",
  },
  address_added: {
    subject: "An address was added to your account",
    says: [
      "Mail to this address counts as mail to yourself from now on: %",
      "If it was not you, remove it in your account and change your password.",
    ],
    button: "Open my account",
  },
  chat_off: {
    subject: "Telegram is turned off for you",
    says: [
      "Telegram does not deliver to your chat with the bot any more: it was blocked or deleted.",
      "Reminders and news come by mail and in the page from now on. Link the chat again whenever you like.",
    ],
    button: "Open my account",
  },
  sender_paused: {
    subject: "Your mail is paused",
    says: [
      "Mail that you send to other people is paused: too much of it came back or was not wanted.",
      "Your inbox says what it was. Whoever runs this service can let it go on; what you send to yourself still leaves.",
    ],
    button: "Open my mailings",
  },
  own_address: {
    subject: "Is this address yours?",
    says: [
      "Somebody, most likely you, added this address to their account.",
      "Confirm it within a day, and what they write to it counts as written to themselves. If it was not you, do nothing.",
    ],
    button: "Yes, it is mine",
  },
  reset: {
    subject: "Choose a new password",
    says: [
      "Somebody, most likely you, cannot sign in to your account and asked for a new password.",
      "The link works once, for half an hour. If it was not you, do nothing: the password stays as it is.",
    ],
    button: "Choose a new password",
  },
  sign_in: {
    subject: "Sign in",
    says: [
      "Somebody, most likely you, asked to sign in to your account without its password.",
      "The link works once, for ten minutes. If it was not you, do nothing, and show it to nobody.",
    ],
    button: "Sign in",
  },
  new_device: {
    subject: "Signed in from somewhere new",
    says: [
      "Your account was signed in to just now from where it had not been before: %",
      "If it was you, there is nothing to do. If not, end that session in your account and change your password.",
    ],
    button: "Open my account",
  },
  email_change: {
    subject: "Confirm your new address",
    says: [
      "Somebody, most likely you, wants to use this address for their account.",
      "Confirm it within an hour and it takes the place of the one before. If it was not you, do nothing.",
    ],
    button: "Use this address",
  },
  email_taken: {
    subject: "You already have an account",
    says: [
      "Somebody, most likely you, wanted to use this address for another account. It has one already.",
      "Nothing has changed. To use it there, change the address of this account first.",
    ],
    button: "Open my account",
  },
  email_asked: {
    subject: "Your address is about to change",
    says: [
      "Somebody who is signed in to your account, most likely you, wants another address for it: %",
      "If it was not you, stop it, and choose a new password then. The link works for seven days, also after the change.",
    ],
    button: "Keep this address",
  },
  email_changed: {
    subject: "Your address was changed",
    says: [
      "Your account has another address from now on: %",
      "If it was not you, take it back, and choose a new password then. The link works for seven days.",
    ],
    button: "Take my account back",
  },
  email_confirmed: {
    subject: "This is your address now",
    says: [
      "Sign in with this address from now on. Every other browser was signed out.",
      "The address before was told too: from there the change can be undone for seven days.",
    ],
    button: "Open my account",
  },
  email_undone: {
    subject: "Your address stays as it was",
    says: [
      "The change of your address was stopped, and every browser was signed out.",
      "If the change was not yours, somebody else knows your password: choose a new one now.",
    ],
    button: "Choose a new password",
  },
  account_closing: {
    subject: "Your account will be closed in a week",
    says: [
      "Somebody, most likely you, asked to close your account in seven days. Until then all is as it was.",
      "If you changed your mind, or if it was not you, keep it: one button does. Change your password too if it was not you.",
    ],
    button: "Keep my account",
  },
  account_closed: {
    subject: "Your account is closed",
    says: [
      "Your account was closed just now. Nothing more is sent for you, and all it held is being removed.",
      "This is our last letter. It cannot be undone; with this address you can make a new account whenever you like.",
    ],
    button: "Go to Clock Work",
  },
  export_ready: {
    subject: "Your data is ready",
    says: [
      "The file with everything of yours is ready. For a day you can fetch it from your account, signed in.",
      "If you did not ask for it, change your password: somebody uses your account.",
    ],
    button: "Fetch my data",
  },
} satisfies Record<string, Words>;
