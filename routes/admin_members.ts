import { z } from "zod";
import type { App } from "../core/app.ts";
import {
  changeRole,
  endMemberSessions,
  MAX_PER_DAY,
  releaseSender,
  removeFactors,
  restoreMember,
  setQuota,
  suspendMember,
} from "../domain/admin/member_acts.ts";
import { type MemberView, memberView } from "../domain/admin/member_view.ts";
import { listMembers, type Member } from "../domain/admin/members.ts";
import { proved } from "./proof.ts";
import { adminOnly, body, createRouter, type Ctx, me } from "./router.ts";

export const RoleBody = z.strictObject({ role: z.enum(["member", "admin"]) });
const Quota = z.strictObject({ perDay: z.int().min(0).max(MAX_PER_DAY).nullable() });

/** What is done to a member by a button alone. */
export const MEMBER_ACTS = {
  suspend: suspendMember,
  restore: restoreMember,
  sessions: endMemberSessions,
  factors: removeFactors,
  release: releaseSender,
} as const;
export type MemberAct = keyof typeof MEMBER_ACTS;
export const MEMBER_ACT_NAMES = Object.keys(MEMBER_ACTS) as MemberAct[];

/** Which member, and who asks. */
export const memberRef = (c: Ctx) => ({ id: c.req.param("id") ?? "", by: me(c) });

/** /api/admin/members: everybody's accounts, for admins. */
export const adminMembersRoutes = (app: App) => {
  const answer = async (c: Ctx) => c.json(fullJson(await memberView(app, memberRef(c))));
  const routes = createRouter()
    .use(adminOnly)
    .get("/", async (c) => {
      const { q, cursor } = c.req.query();
      const { items, next, looked } = await listMembers(app, { by: me(c), q, cursor });
      return c.json({ items: items.map(memberJson), next, looked });
    })
    .get("/:id", answer)
    .post("/:id/role", proved(app), body(RoleBody), async (c) => {
      await changeRole(app, { ...memberRef(c), ...c.req.valid("json") });
      return await answer(c);
    })
    .post("/:id/quota", proved(app), body(Quota), async (c) => {
      await setQuota(app, { ...memberRef(c), ...c.req.valid("json") });
      return await answer(c);
    });
  for (const act of MEMBER_ACT_NAMES) {
    routes.post(`/:id/${act}`, proved(app), async (c) => {
      await MEMBER_ACTS[act](app, memberRef(c));
      return await answer(c);
    });
  }
  return routes;
};

const iso = (at: number) => new Date(at).toISOString();

function memberJson({ verified, createdAt, factorAt, suspended, closedAt, ...member }: Member) {
  return {
    ...member,
    verifiedAt: verified && iso(verified.at),
    createdAt: iso(createdAt),
    secondFactorAt: factorAt === undefined ? null : iso(factorAt),
    suspendedAt: suspended === undefined ? null : iso(suspended.at),
    closedAt: closedAt === undefined ? null : iso(closedAt),
  };
}

function fullJson(member: MemberView) {
  const { seenAt, paused, reported } = member;
  return {
    ...member,
    ...memberJson(member),
    verified: undefined,
    factorAt: undefined,
    suspended: undefined,
    seenAt: seenAt && iso(seenAt),
    paused: paused && { at: iso(paused.at), why: paused.why },
    reported: reported.map(({ expiresAt: _, at, ...one }) => ({ ...one, at: iso(at) })),
  };
}
