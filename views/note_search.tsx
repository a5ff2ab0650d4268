import { SearchIcon } from "./icons.tsx";
import type { NoteQueryProps } from "./notes.tsx";

/** The search box above the notes, and tags to choose from. */
export function NoteSearch({ q, tag, tags, wrong }: NoteQueryProps) {
  const chosen = tag !== "" && !tags.includes(tag) ? [tag, ...tags] : tags;
  return (
    <search class="find">
      <form method="get" action="/">
        <label class="unseen" for="q">Search notes</label>
        <SearchIcon />
        <input
          id="q"
          name="q"
          type="search"
          defaultValue={q}
          maxLength={200}
          placeholder={tag === "" ? "Search notes" : `Search in #${tag}`}
          enterKeyHint="search"
          aria-describedby={wrong ? "q-wrong" : undefined}
          aria-invalid={wrong ? true : undefined}
        />
        {tag !== "" && <input type="hidden" name="tag" value={tag} />}
        <button type="submit" class="quiet">Search</button>
      </form>
      {wrong && <p id="q-wrong" class="wrong" role="alert">{wrong}</p>}
      {chosen.length > 0 && (
        <ul class="chips" aria-label="Tags">
          {chosen.map((name) => (
            <li key={name}>
              <a
                class="chip"
                href={name === tag ? allHref(q) : tagHref(q, name)}
                aria-current={name === tag ? "true" : undefined}
              >
                {`#${name}`}
                {name === tag && <span class="unseen">(shown now; shows all notes)</span>}
              </a>
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}

const allHref = (q: string) => (q === "" ? "/" : `/?${new URLSearchParams({ q })}`);
const tagHref = (q: string, tag: string) =>
  `/?${new URLSearchParams(q === "" ? { tag } : { q, tag })}`;
