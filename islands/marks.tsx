import type { MarkName, Sign } from "./words.ts";

const paths: Record<MarkName, string> = {
  wait: "M8 4.5V8l2.2 1.5",
  run: "M5.2 8h5.6M8.4 5.6 10.8 8l-2.4 2.4",
  done: "m5 8.2 2 2 4-4.4",
  fail: "M8 4.6v4M8 11.2v.1",
  doubt: "M6.3 6.3a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.9.6-.9 1.2M8 11.3v.1",
  skip: "M5.2 8h5.6",
};

/** The picture of a state; the word stands beside it. */
export function Mark({ name }: { name: MarkName }) {
  return (
    <svg class="mark" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6.6" />
      <path d={paths[name]} />
    </svg>
  );
}

/** A state: picture, word and colour. */
export function Chip({ sign }: { sign: Sign }) {
  return (
    <span class={`sign ${sign.tone}`}>
      <Mark name={sign.mark} />
      {sign.word}
    </span>
  );
}
