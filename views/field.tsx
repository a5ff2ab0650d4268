import type { ComponentChildren } from "preact";

export interface FieldProps {
  name: string;
  label: string;
  /** Said under the field before anything is wrong. */
  hint?: ComponentChildren;
  wrong?: string;
  type?: "text" | "email" | "password";
  autocomplete?:
    | "name"
    | "email"
    | "username"
    | "current-password"
    | "new-password"
    | "one-time-code";
  required?: boolean;
  minLength?: number;
  maxLength?: number;
  dir?: "auto";
  defaultValue?: string;
}

/** A labelled field with its hint and what is wrong with it. */
export function Field({ name, label, hint, wrong, type, ...rest }: FieldProps) {
  const input = {
    ...rest,
    id: name,
    name,
    "aria-describedby": `${name}-hint`,
    "aria-invalid": wrong ? true : undefined,
  };
  return (
    <FieldBox name={name} label={label} hint={hint} wrong={wrong}>
      {type === "password"
        ? <input type="password" {...input} />
        : type === "email"
        ? <input type="email" {...input} />
        : <input type="text" {...input} />}
    </FieldBox>
  );
}

export interface FieldBoxProps {
  name: string;
  label: string;
  hint?: ComponentChildren;
  wrong?: string;
  children: ComponentChildren;
}

/** Label, control, hint and problem, in this order; the control's id is `name`. */
export function FieldBox({ name, label, hint, wrong, children }: FieldBoxProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {children}
      <div id={`${name}-hint`} class={wrong ? "wrong" : "hint"} role={wrong ? "alert" : undefined}>
        {wrong ?? hint}
      </div>
    </div>
  );
}

/** The password that one has. */
export function PasswordField({ wrong }: { wrong?: string }) {
  return (
    <Field
      name="password"
      label="Password"
      type="password"
      autocomplete="current-password"
      required
      wrong={wrong}
    />
  );
}

/** A new password, with the one rule there is: how long it must be at least. */
export function NewPassword({ wrong, minLength = 15 }: { wrong?: string; minLength?: number }) {
  return (
    <Field
      name="password"
      label="Password"
      type="password"
      autocomplete="new-password"
      required
      minLength={minLength}
      maxLength={128}
      hint={`At least ${minLength} characters. A sentence is easy to keep in mind.`}
      wrong={wrong}
    />
  );
}

/** What is wrong with a form as a whole. */
export function FormProblem({ text }: { text?: string }) {
  return text ? <p class="problem-box" role="alert">{text}</p> : null;
}
