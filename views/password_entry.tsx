import { Field } from "./field.tsx";

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
      <Field
        name="password"
        label="Password"
        type="password"
        autocomplete="current-password"
        required
        wrong={wrong}
      />
      <button type="submit" class="primary">{button}</button>
      <button type="submit" class="quiet" formaction={letterAction} formnovalidate>
        Mail me a link instead
      </button>
    </>
  );
}
