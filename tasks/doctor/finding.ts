/** What one look at one thing found. Never holds a secret. */
export interface Finding {
  ok: boolean;
  /** What was looked at. */
  name: string;
  says: string;
  /** What would help. */
  todo?: string;
}

export const well = (name: string, says: string): Finding => ({ ok: true, name, says });
export const ill = (name: string, says: string, todo: string): Finding => ({
  ok: false,
  name,
  says,
  todo,
});

/** As a person at a terminal reads it. */
export function lineOf({ ok, name, says, todo }: Finding): string {
  const line = `${ok ? "✓" : "✗"} ${name.padEnd(9)} ${says}`;
  return todo === undefined ? line : `${line}\n            → ${todo}`;
}
