import { newId } from "../../../core/ids.ts";
import { OTHER_PASSWORD, PASSWORD } from "../door.ts";
import { rights } from "../rights.ts";
import { type At, type Doors, FILE, known, open, own, proven, self, service } from "./door.ts";

const person = () => ({
  name: "New",
  email: `new${newId()}@example.org`,
  password: OTHER_PASSWORD,
  zone: "UTC",
});
const email = ({ by }: At) => ({ email: by.email });
const newEmail = () => ({ email: `new${newId()}@example.org` });
/** What a link carries, for programs that people gave it to. */
const carried = (what: keyof typeof rights) => async ({ t, by }: At) => ({
  token: await rights[what](t, by),
});
const change = { current: PASSWORD, password: OTHER_PASSWORD };

/** How one comes in, and one's own account. */
export const doorsOfPeople: Doors = {
  "POST /api/accounts": open(person),
  "POST /api/session": open(({ by }) => ({ email: by.email, password: PASSWORD })),
  "DELETE /api/session": open(),
  "POST /api/session/proof": self({ password: PASSWORD }),
  "GET /prove": self(),
  "POST /prove": self({ password: PASSWORD, next: "/account" }),
  "GET /sign-in": open(),
  "POST /sign-in": open(({ by }) => ({ email: by.email, password: PASSWORD, next: "/account" })),
  "POST /sign-out": open(),
  "GET /sign-up": open(),
  "POST /sign-up": open(person),
  "GET /activate/:token": known("activation"),
  "POST /activate/:token": known("activation", { password: PASSWORD }),
  "GET /setup/:token": known("setUp"),
  "POST /setup/:token": known("setUp", person),
  "POST /api/accounts/reset": open(email),
  "POST /api/accounts/reset/confirm": open(async ({ t, by }) => ({
    token: await rights.reset(t, by),
    password: OTHER_PASSWORD,
  })),
  "POST /api/accounts/email/confirm": open(carried("newEmail")),
  "POST /api/accounts/email/undo": open(carried("oldEmail")),
  "POST /api/session/mail": open(email),
  "POST /api/session/token": open(carried("signIn")),
  "GET /reset": open(),
  "POST /reset": open(email),
  "GET /reset/:token": known("reset"),
  "POST /reset/:token": known("reset", { password: OTHER_PASSWORD }),
  "GET /sign-in/mail": open(),
  "POST /sign-in/mail": open((at) => ({ ...email(at), next: "/account" })),
  "GET /sign-in/mail/:token": known("signIn"),
  "POST /sign-in/mail/:token": known("signIn", { next: "/account" }),
  "GET /email/confirm/:token": known("newEmail"),
  "POST /email/confirm/:token": known("newEmail"),
  "GET /email/undo/:token": known("oldEmail"),
  "POST /email/undo/:token": known("oldEmail"),
  "GET /api/me": self(),
  "PATCH /api/me": self({ name: "Other" }),
  "POST /api/me/password": self(change),
  "POST /api/me/email": self(newEmail),
  "GET /api/me/sessions": self(),
  "DELETE /api/me/sessions": self(),
  "DELETE /api/me/sessions/:id": own("session"),
  "GET /account": self(),
  "POST /account": self({ name: "Other", zone: "UTC" }),
  "POST /account/proof": self(),
  "POST /account/password": self(change),
  "POST /account/stopped/lift": proven("stopped", ({ id }) => ({ hash: id, scope: "broadcasts" })),
  "POST /account/sessions/end": self(),
  "POST /account/sessions/:id/end": own("session"),
  "GET /account/email": self(),
  "POST /account/email": self(newEmail),
  "POST /account/email/drop": self(),
  "GET /account/data": self(),
  "POST /account/data/export": self(),
  "GET /account/data/export.zip": own("exportFile"),
  "POST /account/data/import": self({ [FILE]: "notes/a.md" }),
  "GET /account/close": self(),
  "POST /account/close": self(({ by }) => ({ confirm: by.email, when: "later" })),
  "POST /account/keep": self(),
  "POST /prove/mail": self({ next: "/account" }),
  "POST /account/telegram": self(),
  "POST /account/telegram/confirm": self({ link: "none" }),
  "POST /account/telegram/decline": self(),
  "POST /account/telegram/unlink": self(),
  "POST /account/news": self({ reminders_mail: "on", broadcasts_telegram: "on" }),
  "POST /telegram": service(),
  "POST /mailjet/events": service(),
};
