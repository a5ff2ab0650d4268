import { z } from "zod";
import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { parseAddresses } from "../domain/recipients/addresses.ts";
import { MAX_RECIPIENTS } from "../domain/mail/mailings.ts";
import { askRecipients, listRecipients } from "../domain/recipients/recipient_list.ts";
import { standingsOf } from "../domain/recipients/recipients.ts";
import { body, createRouter, me } from "./router.ts";

const Asked = z.strictObject({ to: z.union([z.string(), z.array(z.string()).max(1_000)]) });

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

/** /api/recipients: whom one has asked; with ?to= how one stands with each of these. */
export const recipientsRoutes = (app: App) =>
  createRouter()
    .get("/", async (c) => {
      const { to, cursor } = c.req.query();
      const ownerId = me(c).id;
      if (to !== undefined) {
        const { ok, wrong } = parseAddresses(to);
        const items = await standingsOf(app, { ownerId, to: ok.slice(0, MAX_RECIPIENTS) });
        return c.json({ items, wrong });
      }
      const { items, next } = await listRecipients(app, { ownerId, cursor });
      const iso = (at: number) => new Date(at).toISOString();
      return c.json({
        items: items.map(({ invitedAt, decidedAt, ...one }) => ({
          ...one,
          invitedAt: iso(invitedAt),
          decidedAt: decidedAt === null ? null : iso(decidedAt),
        })),
        next,
      });
    })
    .post("/", body(Asked), async (c) => {
      const to = addressesOf(c.req.valid("json").to);
      return c.json({ items: await askRecipients(app, { ownerId: me(c).id, to }) });
    });
