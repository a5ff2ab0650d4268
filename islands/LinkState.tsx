import { linkText, useLink } from "./live.ts";
import { exactTime, type Reader } from "./times.ts";

export interface LinkStateProps {
  reader: Reader;
  renderedAt: number;
}

/** How this page hears of news; without JavaScript, of which moment it is. */
export function LinkState({ reader, renderedAt }: LinkStateProps) {
  const link = useLink();
  if (link === null) return <span class="via still">as of {exactTime(renderedAt, reader)}</span>;
  const how = link === "live" ? "live" : typeof link === "string" ? "lost" : "poll";
  return <span class={`via ${how}`}>{linkText(link)}</span>;
}
