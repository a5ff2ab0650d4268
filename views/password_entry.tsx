import { PasswordField } from "./field.tsx";

export interface PasswordEntryProps {
  /** What sending it does. */
  button: string;
  /** Where the same form asks for a letter in its place. */
  letterAction: string;
  wrong?: string;
}

/** The password that one has, or a letter for who does not know it. */
export function PasswordEntry({ button, letterAction, wrong }: PasswordEntryProps) {
  return (
    <>
      <PasswordField wrong={wrong} />
      <button type="submit" class="primary">{button}</button>
      <button type="submit" class="quiet" formaction={letterAction} formnovalidate>
        Mail me a link instead
      </button>
    </>
  );
}
