import type { RecipientStanding, Standing } from "../domain/recipients/recipients.ts";
import { call } from "./api.ts";
import { people, type Sign } from "./words.ts";

/** How one stands with an address, as people read it. */
export const standingSigns: Record<Standing, Sign> = {
  allowed: { word: "Allowed", mark: "done", tone: "good" },
  pending: { word: "Asked", mark: "wait", tone: "time" },
  new: { word: "Will be asked", mark: "doubt", tone: "calm" },
  blocked: { word: "Blocked", mark: "fail", tone: "bad" },
  bounced: { word: "Came back", mark: "fail", tone: "bad" },
};

/** Whether mail can be asked for; else the address stands in the way. */
export function isRefused({ standing }: Pick<RecipientStanding, "standing">): boolean {
  return standing === "blocked" || standing === "bounced";
}

/** What becomes of mail to those who have not agreed; empty when all have. */
export function waitingWords(standings: readonly RecipientStanding[]): string {
  const who = (which: Standing, one: string, many: string) => {
    const those = standings.filter(({ standing }) => standing === which);
    const [first] = those;
    if (first === undefined) return "";
    return those.length === 1 ? `${first.address} ${one}. ` : `${people(those.length)} ${many}. `;
  };
  const asked = who(
    "new",
    "is asked first whether mail from you is wanted",
    "are asked first whether mail from you is wanted",
  );
  const open = who("pending", "was asked before", "were asked before");
  if (asked + open === "") return "";
  return `${asked}${open}Your note waits for the answer, up to 7 days.`;
}

/** How one stands with each; what is no address is left out. @throws {ApiError} */
export async function getStandings(to: readonly string[]): Promise<RecipientStanding[]> {
  const query = new URLSearchParams({ to: to.join("\n") });
  const [body] = await call<{ items: RecipientStanding[] }>(`/api/recipients?${query}`);
  return body?.items ?? [];
}
