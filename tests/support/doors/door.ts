import type { Account } from "../../../kv/schema.ts";
import type { Thing, World } from "../things.ts";

/** What is sent to a door: the fields of its JSON or of its form. */
export type Fields = Record<string, unknown>;

/** Where a file is expected in place of fields. */
export const FILE = "file";

/** For whom and with which thing a body is made. */
export interface At {
  t: World;
  by: Account;
  /** What stands in the address. */
  id: string;
}

/** What a door is: who may use it, about what, and what it takes. */
export interface Door {
  /** Those who know it, those who are signed in, admins, or a service that proves itself. */
  for: "everybody" | "members" | "admins" | "services";
  /**
   * What the address names: for members one of their own, for admins anybody's, for everybody what
   * proves itself. Without it there is no name in the address, or one that anybody may say.
   */
  thing?: Thing;
  /** One must have shown that one's address is one's own; to others the thing is not there. */
  proven?: true;
  /** It is everybody's who is signed in. */
  shared?: true;
  /** What its address carries is proof enough, whoever makes a browser send it. */
  exempt?: true;
  /** A body that it takes; without one an empty one is good. */
  takes?: Fields | ((at: At) => Fields | Promise<Fields>);
}

/** Doors by method and path, as the router has them. */
export type Doors = Record<string, Door>;

type Takes = Door["takes"];

/** A door that nobody needs to be signed in for. */
export const open = (takes?: Takes): Door => ({ for: "everybody", takes });
/** The same, where the address proves who knows it. */
export const known = (thing: Thing, takes?: Takes): Door => ({ for: "everybody", thing, takes });
/** The same, where mail programs ask by themselves, from anywhere. */
export const fromAnywhere = (thing: Thing, takes?: Takes): Door => ({
  for: "everybody",
  thing,
  takes,
  exempt: true,
});
/** About oneself: whoever is signed in has one, and no name could be another's. */
export const self = (takes?: Takes): Door => ({ for: "members", takes });
/** About one thing of one's own. */
export const own = (thing: Thing, takes?: Takes): Door => ({ for: "members", thing, takes });
/** The same, for who has shown that their address is theirs. */
export const proven = (thing: Thing, takes?: Takes): Door => ({
  for: "members",
  thing,
  takes,
  proven: true,
});
/** About a thing of all. */
export const shared = (thing: Thing): Door => ({ for: "members", thing, shared: true });
/** For admins, about anybody's thing or none; to others it is not there. */
export const admin = (thing?: Thing, takes?: Takes): Door => ({ for: "admins", thing, takes });
/** For a service with a proof of its own. */
export const service = (): Door => ({ for: "services" });
