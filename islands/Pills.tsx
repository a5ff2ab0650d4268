import { useRef } from "preact/hooks";
import type { Address } from "./addresses.ts";
import { Pill } from "./Pill.tsx";

/** What ends an address while it is typed. */
const ENDS = /[\s,;]/;

export interface PillsProps {
  /** Of the field where the next one is typed. */
  id: string;
  all: Address[];
  /** Further attributes of that field. */
  field: Record<string, string | boolean | undefined>;
  /** Takes what was typed or pasted. */
  onAdd(text: string): void;
  onChange(all: Address[]): void;
}

/** Addresses as pills with a field behind the last: the keys of a mail program work. */
export function Pills({ id, all, field, onAdd, onChange }: PillsProps) {
  const input = useRef<HTMLInputElement>(null);
  const typed = () => input.current?.value ?? "";
  const type = (text: string) => {
    if (input.current) input.current.value = text;
  };
  const take = () => {
    const text = typed();
    type("");
    if (text.trim() !== "") onAdd(text);
  };
  const remove = (gone: Address) => {
    onChange(all.filter((one) => one !== gone));
    input.current?.focus();
  };
  const fix = (one: Address) => {
    remove(one);
    type(one.text);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key.length === 1 && ENDS.test(event.key) || event.key === "Enter" && typed() !== "") {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && typed() === "") onChange(all.slice(0, -1));
  };
  const paste = (event: ClipboardEvent) => {
    event.preventDefault();
    onAdd(`${typed()}\n${event.clipboardData?.getData("text") ?? ""}`);
    type("");
  };
  const toField = ({ target, currentTarget }: Event) =>
    target === currentTarget && input.current?.focus();
  return (
    <div class="pills" onClick={toField}>
      <ul>
        {all.map((one) => <Pill key={one.text} address={one} onRemove={remove} onFix={fix} />)}
      </ul>
      <input
        {...field}
        ref={input}
        id={id}
        type="text"
        inputMode="email"
        autocomplete="off"
        enterKeyHint="next"
        onKeyDown={keys}
        onPaste={paste}
        onInput={() => ENDS.test(typed().trimStart()) && take()}
        onBlur={take}
      />
    </div>
  );
}
