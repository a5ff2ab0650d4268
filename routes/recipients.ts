import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { parseAddresses } from "../domain/addresses.ts";
import { blockedFor } from "../domain/recipients.ts";
import { createRouter, me } from "./router.ts";

/** The addresses of a list, each once. @throws {AppError} `invalid` naming the first that is none. */
export function addressesOf(to: string | string[]): string[] {
  const { ok, wrong: [wrong] } = parseAddresses(to);
  if (wrong) {
    throw new AppError("invalid", `Cannot mail “${wrong.text.slice(0, 80)}”: ${wrong.why}`, {
      field: "to",
    });
  }
  return ok;
}

/** /api/recipients?to=: which of these one may mail. */
export const recipientsRoutes = (app: App) =>
  createRouter().get("/", async (c) => {
    const { ok, wrong } = parseAddresses(c.req.query("to") ?? "");
    const blocked = await blockedFor(app, { ownerId: me(c).id, to: ok });
    const no = new Set(blocked.map(({ text }) => text));
    return c.json({ allowed: ok.filter((one) => !no.has(one)), wrong: [...wrong, ...blocked] });
  });
