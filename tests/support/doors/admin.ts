import { admin, type At, type Doors } from "./door.ts";
import { broadcastCounts } from "../../../domain/broadcasts/broadcast_members.ts";

const news = {
  title: "News",
  text: "All is well",
  channels: { mail: true, telegram: false },
  when: { is: "now" },
};
const form = { title: "News", text: "All is well", mail: "on", when: "now" };

/** What is to be said to confirm: how many it reaches now. */
async function confirmation({ t }: At) {
  const none = { channels: { mail: false, telegram: false } };
  const { members } = await broadcastCounts(t.app, none);
  return { version: 1, members };
}

/** What is for admins. */
export const doorsOfAdmins: Doors = {
  "GET /api/admin/jobs": admin(),
  "POST /api/admin/jobs/:id/cancel": admin("mailing"),
  "POST /api/admin/jobs/:id/retry": admin("lostMailing"),
  "POST /api/admin/jobs/:id/run": admin("mailing"),
  "GET /api/broadcasts": admin(),
  "POST /api/broadcasts": admin(undefined, news),
  "GET /api/broadcasts/:id": admin("broadcast"),
  "PATCH /api/broadcasts/:id": admin("broadcast", { ...news, version: 1 }),
  "POST /api/broadcasts/:id/confirm": admin("broadcast", confirmation),
  "DELETE /api/broadcasts/:id": admin("broadcast"),
  "GET /admin": admin(),
  "GET /admin/jobs": admin(),
  "POST /admin/jobs/:id/cancel": admin("mailing"),
  "POST /admin/jobs/:id/retry": admin("lostMailing"),
  "POST /admin/jobs/:id/run": admin("mailing"),
  "GET /admin/broadcasts": admin(),
  "GET /admin/broadcasts/new": admin(),
  "POST /admin/broadcasts": admin(undefined, form),
  "GET /admin/broadcasts/:id": admin("broadcast"),
  "GET /admin/broadcasts/:id/edit": admin("broadcast"),
  "POST /admin/broadcasts/:id": admin("broadcast", { ...form, version: "1" }),
  "POST /admin/broadcasts/:id/confirm": admin("broadcast", confirmation),
  "POST /admin/broadcasts/:id/cancel": admin("broadcast"),
};
