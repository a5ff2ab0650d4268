/** What stands before a page's name in the tab: how far a mailing is, how much is unread. */
export interface TitleState {
  percent?: number | null;
  unread?: number;
  /** The page's own name, where it changed since. */
  name?: string;
}

/** "28 % Mailing “Standup notes” · Clock Work", "(3) Inbox · Clock Work" */
export function titleOf(name: string, { percent = null, unread = 0 }: TitleState): string {
  const parts = [percent === null ? "" : `${percent} %`, unread > 0 ? `(${unread})` : "", name];
  return `${parts.filter((part) => part !== "").join(" ")} · Clock Work`;
}

const state: TitleState = {};

/** Changes the tab's title; the page's own name is on its body. */
export function showTitle(change: TitleState): void {
  const { name = "", unread } = document.body.dataset;
  Object.assign(state, { unread: Number(unread ?? 0), name, ...state, ...change });
  document.title = titleOf(state.name ?? name, state);
}
