declare const stored: unique symbol;
/** A KV key that knows the type of the value under it. */
export type Key<T> = Deno.KvKey & { readonly [stored]?: T };
/** A range of keys that knows the type of its values. */
export type Range<T> = Deno.KvListSelector & { readonly [stored]?: T };
/** All keys with the same beginning; the kind of range that can be read in pages. */
export type Prefix<T> = Range<T> & { prefix: Deno.KvKey };

/** The key of these parts. */
export const key = <T>(...parts: Deno.KvKeyPart[]): Key<T> => parts;
export const range = <T>(selector: Deno.KvListSelector): Range<T> => selector;
/** All under these parts. */
export const all = <T>(...prefix: Deno.KvKeyPart[]): Prefix<T> => ({ prefix });
