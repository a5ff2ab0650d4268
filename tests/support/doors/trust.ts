import { newId } from "../../../core/ids.ts";
import { OPEN } from "../../../domain/mail/sending.ts";
import { keys } from "../../../kv/keys.ts";
import { transact } from "../../../kv/transact.ts";
import { admin, type At, type Doors, fromAnywhere, known, own, proven, self } from "./door.ts";

const stranger = () => `stranger${newId()}@example.org`;
const ref = ({ id }: At) => ({ ref: id });

/** Says what becomes of what a restored backup had waiting, which must be there first. */
async function release({ t }: At) {
  const restored = { at: t.app.clock.now(), past: "held" } as const;
  await transact(t.app, (tx) => tx.set(keys.sending, { ...OPEN, restored }));
  return { past: "drop" };
}

/** Who may be mailed, by whom, how much; what stops it. */
export const doorsOfTrust: Doors = {
  "GET /api/recipients": self(),
  "POST /api/recipients": self(() => ({ to: [stranger()] })),
  "GET /recipients": self(),
  "POST /recipients": self(() => ({ to: stranger() })),
  "POST /recipients/:id/forget": own("recipient"),
  "POST /recipients/from/:id": proven("asker", { answer: "accept" }),
  "POST /account/addresses": self(() => ({ address: stranger() })),
  "POST /account/addresses/:id/remove": own("furtherAddress"),
  "GET /own-address/:token": known("proof"),
  "POST /own-address/:token": known("proof"),
  "GET /i/:token": known("invitation"),
  "POST /i/:token": known("invitation", { answer: "accept" }),
  "GET /u/:token": known("stop"),
  "POST /u/:token": fromAnywhere("stop", { what: "this", act: "stop" }),
  "GET /u/:token/report": known("stop"),
  "POST /u/:token/report": fromAnywhere("stop"),
  "GET /u/:token/kept": known("stop"),
  "GET /u/:token/kept.json": known("stop"),
  "GET /u/:token/erase": known("stop"),
  "POST /u/:token/erase": fromAnywhere("stop"),
  "GET /api/admin/audit": admin(),
  "GET /admin/audit": admin(),
  "GET /admin/audit.csv": admin(),
  "GET /admin/audit.json": admin(),
  "GET /api/admin/members": admin(),
  "GET /api/admin/members/:id": admin("member"),
  "POST /api/admin/members/:id/role": admin("member", { role: "admin" }),
  "POST /api/admin/members/:id/quota": admin("member", { perDay: 7 }),
  "POST /api/admin/members/:id/suspend": admin("member"),
  "POST /api/admin/members/:id/restore": admin("suspendedMember"),
  "POST /api/admin/members/:id/sessions": admin("member"),
  "POST /api/admin/members/:id/release": admin("member"),
  "GET /admin/members": admin(),
  "GET /admin/members/:id": admin("member"),
  "POST /admin/members/:id/role": admin("member", { role: "admin" }),
  "POST /admin/members/:id/quota": admin("member", { perDay: "7" }),
  "POST /admin/members/:id/suspend": admin("member"),
  "POST /admin/members/:id/restore": admin("suspendedMember"),
  "POST /admin/members/:id/sessions": admin("member"),
  "POST /admin/members/:id/release": admin("member"),
  "GET /api/admin/sending": admin(),
  "POST /api/admin/sending/stop": admin(),
  "POST /api/admin/sending/resume": admin(),
  "POST /api/admin/sending/release": admin(undefined, release),
  "POST /api/admin/sending/texts/:ref": admin("heldText", { past: "drop" }),
  "POST /admin/sending/texts/:ref": admin("heldText", { past: "drop" }),
  "GET /admin/sending": admin(),
  "POST /admin/sending/stop": admin(),
  "POST /admin/sending/resume": admin(),
  "POST /admin/sending/release": admin(undefined, release),
  "GET /api/admin/suppressions": admin(),
  "POST /api/admin/suppressions": admin(undefined, () => ({ address: stranger() })),
  "POST /api/admin/suppressions/find": admin(undefined, { address: "somebody@example.org" }),
  "DELETE /api/admin/suppressions/:ref": admin("suppression"),
  "GET /admin/suppressions": admin(),
  "POST /admin/suppressions": admin(undefined, () => ({ address: stranger() })),
  "POST /admin/suppressions/find": admin(undefined, { address: "somebody@example.org" }),
  "POST /admin/suppressions/lift": admin("suppression", ref),
};
