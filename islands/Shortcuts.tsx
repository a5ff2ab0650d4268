import { useEffect, useRef, useState } from "preact/hooks";
import { stored } from "./stored.ts";

const OFF = "clock-work-keys-off";
const ROWS: [string, string][] = [
  ["n", "Write a note"],
  ["/", "Search notes"],
  ["g n", "Go to the notes"],
  ["g r", "Go to the reminders"],
  ["g m", "Go to the mailings"],
  ["g i", "Go to the inbox"],
  ["Ctrl ↵ or ⌘ ↵", "Save the note"],
  ["Ctrl ⇧ ↵ or ⌘ ⇧ ↵", "Save and mail the note"],
  ["?", "Show these keys"],
];
const PLACES: Record<string, string> = { n: "/", r: "/reminders", m: "/mailings", i: "/inbox" };

/** Single keys for those who like them, with the list of them and a switch that turns them off. */
export function Shortcuts() {
  const [awake, setAwake] = useState(false);
  const [off, setOff] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const went = useRef(0);
  useEffect(() => {
    setAwake(true);
    setOff(stored.get(OFF) !== null);
  }, []);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { key, target } = event;
      if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
      if (target instanceof Element && target.closest("input, textarea, select, dialog")) return;
      if (key === "g") return void (went.current = Date.now());
      const place = Date.now() - went.current < 1_500 ? PLACES[key] : undefined;
      if (place !== undefined) return location.assign(place);
      if (key === "?") dialog.current?.showModal();
      else if (key === "/" || key === "n") {
        const field = document.getElementById(key === "n" ? "note-title" : "q");
        if (field === null) return location.assign("/");
        event.preventDefault();
        field.focus();
      }
    };
    if (awake && !off) document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [awake, off]);
  const flip = () => {
    if (off) stored.drop(OFF);
    else stored.set(OFF, "1");
    setOff(!off);
  };
  if (!awake) return null;
  return (
    <>
      <button type="button" class="link" onClick={() => dialog.current?.showModal()}>Keys</button>
      <dialog ref={dialog} aria-labelledby="keys-title">
        <h2 id="keys-title">Keys</h2>
        <dl>
          {ROWS.map(([keys, act]) => (
            <div key={keys}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{act}</dd>
            </div>
          ))}
        </dl>
        <label class="check">
          <input type="checkbox" checked={!off} onChange={flip} /> Single keys work on this device
        </label>
        <form method="dialog">
          <button type="submit">Close the list</button>
        </form>
      </dialog>
    </>
  );
}
