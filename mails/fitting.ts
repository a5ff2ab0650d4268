/** Gmail shows 102 KB of an HTML part and hides the rest behind a link; the frame needs some of it. */
const MOST_HTML_BYTES = 90_000;
/** Of the text at most, in UTF-16 code units. */
const MOST_TEXT = 60_000;

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** A beginning of a text. */
export interface Fitting {
  html: string;
  /** Whether it is all of it. */
  whole: boolean;
}

/** As much of a text, up to the end of a paragraph where there is one, as mail programs show rendered. */
export function fitting(text: string, render: (text: string) => string): Fitting {
  let most = Math.min(text.length, MOST_TEXT);
  for (;;) {
    const part = beginningOf(text, most);
    const html = render(part);
    const bytes = bytesOf(html);
    if (bytes <= MOST_HTML_BYTES) return { html, whole: part.length === text.length };
    // By as much as it is over, and at least a tenth: markup is not spread evenly.
    most = Math.floor(most * Math.min(0.9, MOST_HTML_BYTES / bytes));
  }
}

/** The text up to a paragraph's, line's or word's end in the last half of what there is room for. */
function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text;
  for (const end of ["\n\n", "\n", " "]) {
    const at = text.lastIndexOf(end, most);
    if (at > most / 2) return text.slice(0, at);
  }
  const cut = text.slice(0, most);
  return cut.isWellFormed() ? cut : cut.slice(0, -1); // half a pair at its end
}
