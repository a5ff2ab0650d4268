import type { Account } from "../kv/schema.ts";

/** What somebody can do, in one message; of what is for admins only they are told. */
export function helpFor({ role }: Pick<Account, "role">): string {
  return [
    "Send me anything and it becomes a note; #tags count.",
    "",
    "/notes – your notes; /notes milk searches",
    "/remind tomorrow 9 call the bank",
    "/reminders – what comes, and what waits for you",
    ...role === "admin" ? ["/broadcast We move on Friday – to everybody, after a look"] : [],
    "/zone – your time zone",
    "/stop – unlink this chat",
    "",
    "Changing a message here does not change its note: edit that on the page.",
  ].join("\n");
}
