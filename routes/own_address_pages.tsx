import { z } from "zod";
import {
  addOwnAddress,
  ownAddressOf,
  proveOwnAddress,
  removeOwnAddress,
} from "../domain/recipients/own_addresses.ts";
import { ConfirmPage } from "../views/confirm.tsx";
import { accountPage } from "./account_pages.tsx";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { proved } from "./proof.ts";
import { createRouter, form, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const CARD = "/account#addresses";
const Address = z.object({ address: z.string().max(1_000).default("") });

/** Further addresses of one's own: added on the account page, proven by a link that is mailed there. */
export const ownAddressPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    // What is mailed there counts as mailed to oneself: a browser left open must not open such a way.
    .post("/account/addresses", signedIn, proved(app, CARD), form(Address), async (c) => {
      const filled = c.req.valid("form");
      const text = filled.ok ? filled.data.address : "";
      try {
        await addOwnAddress(app, { accountId: me(c).id, text });
      } catch (error) {
        return await accountPage(site, c, { address: { text, wrong: problemsOf(error) }, error });
      }
      flash(c, { name: "letter_sent" });
      return c.redirect(CARD, 303);
    })
    .post("/account/addresses/:id/remove", signedIn, async (c) => {
      await removeOwnAddress(app, { accountId: me(c).id, id: c.req.param("id") });
      flash(c, { name: "address_removed" });
      return c.redirect(CARD, 303);
    })
    .get("/own-address/:token", async (c) => {
      const token = c.req.param("token");
      const { address, name } = await ownAddressOf(app, token);
      const page = (
        <ConfirmPage
          chrome={await chromeOf(site, c)}
          title="Is this address yours?"
          text={`${address} becomes an address of ${name}’s account: what they write to it counts as written to themselves.`}
          action={`/own-address/${token}`}
          button="Yes, it is mine"
        />
      );
      return show(c, page);
    })
    .post("/own-address/:token", async (c) => {
      await proveOwnAddress(app, c.req.param("token"));
      flash(c, { name: "address_proven" });
      return c.redirect(c.var.account ? CARD : "/sign-in", 303);
    });
};
