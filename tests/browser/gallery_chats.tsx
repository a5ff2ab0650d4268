import type { LinkView } from "../../domain/chats/chat_links.ts";
import { AccountPage } from "../../views/account.tsx";
import { account } from "./gallery_accounts.tsx";
import { DAY, LONG_WORD, MINUTE, NOW } from "./gallery_samples.ts";

const code = "Vb3-kQ9_xT1mZc7LrYp0WsE5uHdN2fGaJ8oiKtMqXvR";
const expiresAt = NOW + 9.5 * MINUTE;
const ana = { name: "Ana", username: "ana" };

const page = (link: LinkView, bot: string | null = "clock_work_bot") => (
  <AccountPage {...account} telegram={{ link, bot }} />
);
const shown = (change: Partial<LinkView> = {}) =>
  page({
    is: "shown",
    linkId: code,
    ...ana,
    confirmed: false,
    moves: false,
    expiresAt,
    ...change,
  } as LinkView);
const linked = { is: "linked", ...ana, since: NOW - 3 * DAY, off: null } as const;

/** The account page in each state of its Telegram card. */
export const chatPages = {
  chat_none: page({ is: "none" }),
  chat_elsewhere: page({ is: "elsewhere" }),
  chat_asked: page({ is: "asked", code, expiresAt }),
  chat_asked_silent: page({ is: "asked", code, expiresAt }, null),
  chat_shown: shown(),
  chat_shown_moves: shown({ moves: true, name: LONG_WORD, username: null }),
  chat_shown_rtl: shown({ name: "רותי 🌱" }),
  chat_confirmed: shown({ confirmed: true }),
  chat_linked: page(linked),
  chat_off: page({ ...linked, off: "bot was blocked by the user" }),
};
