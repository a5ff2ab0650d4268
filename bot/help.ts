/** What can be done, in one message. */
export const HELP = [
  "Send me anything and it becomes a note; #tags count.",
  "",
  "/notes – your notes; /notes milk searches",
  "/remind tomorrow 9 call the bank",
  "/reminders – what comes, and what waits for you",
  "/zone – your time zone",
  "/stop – unlink this chat",
  "",
  "Changing a message here does not change its note: edit that on the page.",
].join("\n");
