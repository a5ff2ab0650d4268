import type { MiddlewareHandler } from "hono";
import type { z } from "zod";
import { bodyText } from "./body_text.ts";
import { invalidInput } from "./issues.ts";
import { parseJson } from "./json_text.ts";
import type { Env } from "./router.ts";

/**
 * Reads a JSON body by a schema; the handler has it as `c.req.valid("json")`. The schema is to be a
 * `z.strictObject`: what it does not name is refused. With `orNothing` no body is an empty object.
 *
 * @throws {AppError} `invalid`, naming the first field that is wrong and never its value.
 */
export function body<S extends z.ZodType>(
  schema: S,
  { orNothing = false } = {},
): MiddlewareHandler<Env, string, { in: { json: z.input<S> }; out: { json: z.output<S> } }> {
  return async (c, next) => {
    const text = await bodyText(c);
    const parsed = schema.safeParse(orNothing && text === "" ? {} : parseJson(text));
    if (!parsed.success) throw invalidInput(parsed.error);
    c.req.addValidatedData("json", parsed.data as object);
    await next();
  };
}
