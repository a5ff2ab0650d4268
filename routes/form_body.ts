import type { MiddlewareHandler } from "hono";
import type { z } from "zod";
import { AppError } from "../core/errors.ts";
import { bodyText } from "./body_text.ts";
import { fieldOf, whyOf } from "./issues.ts";
import type { Env } from "./router.ts";

const MAX_FIELDS = 1_000;

/** What to say at each field; under "" what concerns the whole form. */
export type Problems = Record<string, string>;

/** What somebody typed, as text and by field, to show it again. Never a password. */
export type Typed = Record<string, string>;

/** A form as it was sent: good, or with what is wrong with it. */
export type Filled<T> =
  | { ok: true; data: T; typed: Typed }
  | { ok: false; problems: Problems; typed: Typed };

/**
 * Reads a form by a schema; the handler has it as `c.req.valid("form")` and shows the page again when
 * it is not good. A field sent twice is a list.
 *
 * @throws {AppError} `invalid` only for what no browser sends.
 */
export function form<S extends z.ZodType>(
  schema: S,
): MiddlewareHandler<
  Env,
  string,
  { in: { form: z.input<S> }; out: { form: Filled<z.output<S>> } }
> {
  return async (c, next) => {
    const fields = parseForm(await bodyText(c));
    const typed = typedOf(fields);
    const parsed = schema.safeParse(fields);
    const filled: Filled<z.output<S>> = parsed.success
      ? { ok: true, data: parsed.data, typed }
      : { ok: false, problems: problemsIn(parsed.error), typed };
    c.req.addValidatedData("form", filled);
    await next();
  };
}

/** An expected error as what to say in the form; anything else is thrown on. */
export function problemsOf(error: unknown): Problems {
  if (error instanceof AppError) return { [error.field ?? ""]: error.message };
  throw error;
}

function parseForm(text: string): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  const pairs = text === "" ? [] : text.split("&");
  if (pairs.length > MAX_FIELDS) throw damaged();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const [name, value] = [pair.slice(0, at < 0 ? undefined : at), at < 0 ? "" : pair.slice(at + 1)]
      .map(decoded) as [string, string];
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(fields);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw damaged();
  }
}

const damaged = () => new AppError("invalid", "Cannot read the form: it is damaged");

function typedOf(fields: Record<string, string | string[]>): Typed {
  const shown = Object.entries(fields).filter(([name]) =>
    !/password|^current$|token|^code$|^credential$/i.test(name)
  );
  return Object.fromEntries(shown.map(([name, value]) => [name, [value].flat().join(", ")]));
}

function problemsIn(error: z.ZodError): Problems {
  const problems = new Map<string, string>();
  for (const issue of error.issues) {
    const field = fieldOf(issue);
    if (!problems.has(field)) problems.set(field, `Cannot use this: ${whyOf(issue)}`);
  }
  return Object.fromEntries(problems);
}
