import type { Account } from "../kv/schema.ts";

/** An account as its owner sees it. */
export function accountView({ id, email, name, zone, role, verified, createdAt }: Account) {
  return {
    id,
    email,
    name,
    zone,
    role,
    verifiedAt: verified && new Date(verified.at).toISOString(),
    createdAt: new Date(createdAt).toISOString(),
  };
}
