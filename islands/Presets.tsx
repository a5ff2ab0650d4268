import { clockTime, day, type Reader } from "./times.ts";

export interface PresetsProps {
  presets: { label: string; words: string; at: number }[];
  reader: Reader;
  renderedAt: number;
  onChoose(words: string): void;
}

const DAY_MS = 86_400_000;

/** Times that are often meant, each with what it comes to; a press writes its words. */
export function Presets({ presets, reader, renderedAt, onChoose }: PresetsProps) {
  return (
    <div class="presets" role="group" aria-label="Times that are often meant">
      {presets.map(({ label, words, at }) => (
        <button
          key={words}
          type="submit"
          name="preset"
          value={words}
          class="chip"
          onClick={(event) => {
            event.preventDefault();
            onChoose(words);
          }}
        >
          {label}
          <small>
            {at - renderedAt < DAY_MS
              ? clockTime(at, reader)
              : `${day(at, reader, renderedAt).split(" ")[0]} ${clockTime(at, reader)}`}
          </small>
        </button>
      ))}
    </div>
  );
}
