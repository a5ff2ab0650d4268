import { offerTotp } from "../../../domain/factors/totp.ts";
import { addPasskey, passkeyOffer, passkeyQuestion } from "../../../domain/factors/passkeys.ts";
import { Authenticator } from "../authenticator.ts";
import { codeAt, phoneOf } from "../factor.ts";
import { admin, type At, type Doors, open, own, self } from "./door.ts";

/** An offer as one's own page has it, and what the app shows. */
async function offered({ t, by }: At) {
  const { offer, secret } = await offerTotp(t.app, by);
  return { offer, code: codeAt(secret, t.app.clock.now()) };
}

/** Who asks must have an app. */
async function withPhone({ t, by }: At) {
  await phoneOf(t, by);
  return {};
}

/** A passkey that a device has just made for who asks. */
async function made({ t, by }: At) {
  const device = await Authenticator.create(t.app.config.origin);
  return await device.make(await passkeyOffer(t.app, by));
}

/** One of who asks, which was just used. */
async function used({ t, by }: At) {
  await phoneOf(t, by); // so that it is not the first factor, which ends all sessions
  const device = await Authenticator.create(t.app.config.origin);
  const credential = await device.make(await passkeyOffer(t.app, by));
  const name = "My key";
  const owner = { account: by, agent: "Test/1.0", address: "203.0.113.7" };
  await addPasskey(t.app, owner, { name, credential });
  return await device.use(await passkeyQuestion(t.app, null));
}

/** Half a sign-in is in a cookie: without one a code opens nothing. */
const code = { code: "000000" };
const inForm = (make: (at: At) => Promise<unknown>) => async (at: At) => ({
  credential: JSON.stringify(await make(at)),
});

/** What is asked for beside the password. */
export const doorsOfFactors: Doors = {
  "POST /api/session/factor": open(code),
  "POST /api/session/passkey/options": open(),
  "POST /api/session/passkey": open(async (at) => ({ credential: await used(at) })),
  "GET /sign-in/factor": open(),
  "POST /sign-in/factor": open({ ...code, next: "/account" }),
  "POST /sign-in/passkey": open(inForm(used)),
  "GET /api/me/factors": self(),
  "POST /api/me/factors/totp/offer": self(),
  "POST /api/me/factors/totp": self(offered),
  "DELETE /api/me/factors/totp": self(withPhone),
  "POST /api/me/factors/passkeys/options": self(),
  "POST /api/me/factors/passkeys": self(async (at) => ({
    name: "My key",
    credential: await made(at),
  })),
  "DELETE /api/me/factors/passkeys/:id": own("passkey"),
  "POST /api/me/factors/codes": self(withPhone),
  "GET /account/totp": self(),
  "POST /account/totp": self(offered),
  "POST /account/totp/remove": self(withPhone),
  "POST /account/passkeys": self(inForm(made)),
  "POST /account/passkeys/:id/remove": own("passkey"),
  "POST /account/codes": self(withPhone),
  "POST /api/admin/members/:id/factors": admin("member"),
  "POST /admin/members/:id/factors": admin("member"),
};
