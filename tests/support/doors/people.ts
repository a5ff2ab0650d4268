import { newId } from "../../../core/ids.ts";
import { OTHER_PASSWORD, PASSWORD } from "../door.ts";
import { type Doors, known, open, own, self, service } from "./door.ts";

const person = () => ({
  name: "New",
  email: `new${newId()}@example.org`,
  password: OTHER_PASSWORD,
  zone: "UTC",
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
  "POST /activate/:token": known("activation"),
  "GET /setup/:token": known("setUp"),
  "POST /setup/:token": known("setUp", person),
  "GET /api/me": self(),
  "PATCH /api/me": self({ name: "Other" }),
  "POST /api/me/password": self(change),
  "GET /account": self(),
  "POST /account": self({ name: "Other", zone: "UTC" }),
  "POST /account/proof": self(),
  "POST /account/password": self(change),
  "POST /account/sessions/end": self(),
  "POST /account/sessions/:id/end": own("session"),
  "POST /account/telegram": self(),
  "POST /account/telegram/confirm": self({ link: "none" }),
  "POST /account/telegram/decline": self(),
  "POST /account/telegram/unlink": self(),
  "POST /account/news": self({ reminders_mail: "on", broadcasts_telegram: "on" }),
  "POST /telegram": service(),
};
