import { newId } from "../../core/ids.ts";
import { GOOD, TEXTS, VALUES } from "./fuzz_words.ts";
import { seeded } from "./random.ts";

/** One request as bytes could say it; `fetch` may refuse to send some. */
export interface FuzzRequest {
  method: string;
  /** With its query; only visible ASCII. */
  path: string;
  headers: [name: string, value: string][];
  body?: string | Uint8Array<ArrayBuffer>;
  /** The door that it is for, as in the table of routes. */
  door: string;
}

export interface FuzzOptions {
  seed: number;
  origin: string;
  /** The table of routes, as "GET /notes/:id". */
  doors: readonly string[];
  /** Ids that are there, by what stands before them in a path. */
  ids: Readonly<Record<string, readonly string[]>>;
}

type Fields = readonly string[];

/** Makes requests by the grammar of our own: the doors there are, and the fields that their code names. */
export class Fuzzer {
  readonly #random: () => number;
  readonly #schemas: readonly Fields[];
  /** The fields that a door was seen to take. */
  readonly #learned = new Map<string, Fields>();
  readonly #ids: readonly string[];
  #tried: Fields = [];

  constructor(private readonly options: FuzzOptions) {
    this.#ids = Object.values(options.ids).flat();
    this.#random = seeded(options.seed);
    this.#schemas = schemasOf(new URL("../../routes/", import.meta.url));
  }

  next(): FuzzRequest {
    const door = this.#pick(this.options.doors);
    const [usual = "GET", pattern = "/"] = door.split(" ");
    const method = this.#chance(0.07) ? this.#pick(METHODS) : usual;
    const api = pattern.startsWith("/api");
    const hasBody = !["GET", "HEAD", "OPTIONS"].includes(method) && !this.#chance(0.05);
    const path = this.#path(pattern) + (this.#chance(hasBody ? 0.1 : 0.6) ? this.#query() : "");
    const body = hasBody ? this.#body(door, api) : undefined;
    return { method, path, headers: this.#headers(method, api, body !== undefined), body, door };
  }

  /** Learns from an answer which fields the door takes: it names one that it does not know, or misses. */
  learn({ door }: FuzzRequest, answer: string): void {
    const [, message = "", field = ""] = /"message":"([^"]*)","field":"([\w.]*)"/.exec(answer) ??
      [];
    const fields = new Set(this.#tried);
    if (message.includes("there is no such field")) fields.delete(field);
    else if (message.includes("it is missing") && !field.includes(".")) fields.add(field);
    else if (answer.includes('"error"') && field === "") return;
    if (fields.size > 0) this.#learned.set(door, [...fields]);
  }

  #pick<T>(all: readonly T[]): T {
    return all[Math.floor(this.#random() * all.length)]!;
  }

  #chance(of: number): boolean {
    return this.#random() < of;
  }

  #path(pattern: string): string {
    const filled = pattern.replace(/([\w-]*)\/(?::\w+|\*)/g, (_, of) => `${of}/${this.#id(of)}`);
    if (this.#chance(0.9)) return filled.slice(0, 5_000);
    const at = Math.floor(this.#random() * (filled.length + 1));
    return "/" + (filled.slice(0, at) + this.#pick(PATH_PARTS) + filled.slice(at)).slice(1, 6_000);
  }

  #id(of: string): string {
    const fitting = this.options.ids[of];
    if (fitting && this.#chance(0.75)) return this.#pick(fitting);
    const any = this.#pick(this.#ids);
    return this.#pick([any, any, newId(), `${any}-0`, "x", ...PATH_PARTS, this.#encoded()]);
  }

  #encoded(): string {
    const text = this.#pick(TEXTS).slice(0, this.#chance(0.9) ? 300 : Infinity);
    return this.#chance(0.8) ? encoded(text) : encoded(encoded(text));
  }

  #query(): string {
    const pairs = Array.from({ length: 1 + Math.floor(this.#random() * 4) }, () => {
      const name = this.#chance(0.8) ? this.#pick(QUERY_NAMES) : this.#encoded();
      return `${name}=${this.#encoded()}`;
    });
    if (this.#chance(0.2)) pairs.push(pairs[0]!);
    if (this.#chance(0.05)) pairs.push("&&=&%=%zz&a[b]=c&a[]=");
    return `?${pairs.join("&")}`;
  }

  #body(door: string, api: boolean): string | Uint8Array<ArrayBuffer> {
    const known = this.#learned.get(door);
    const fields = known && this.#chance(0.9) ? known : this.#pick(this.#schemas);
    this.#tried = fields;
    const chosen = fields.filter(() => !this.#chance(0.1));
    const pairs = chosen.map((name): [string, unknown] => [name, this.#value(name)]);
    const text = api ? this.#json(pairs) : this.#form(pairs);
    if (this.#chance(0.92)) return text;
    const bytes = new TextEncoder().encode(text);
    const cut = bytes.slice(0, Math.floor(this.#random() * bytes.length)); // in the middle of anything
    return this.#pick([cut, new Uint8Array([...cut, 0xc0, 0xaf, 0xff]), new Uint8Array(2_000)]);
  }

  #value(name: string): unknown {
    const good = GOOD[name];
    if (good && this.#chance(0.7)) return this.#pick(good);
    return this.#chance(0.3) ? this.#pick(this.#ids) : this.#pick(VALUES);
  }

  #json(pairs: [string, unknown][]): string {
    const parts = pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    if (this.#chance(0.04) && parts[0]) parts.push(parts[0]);
    if (this.#chance(0.04)) parts.push('"__proto__":{"role":"admin"}');
    if (this.#chance(0.03)) {
      parts.push(`"n":${this.#pick(["1e999", "-0", "0x1", "1".repeat(400)])}`);
    }
    if (this.#chance(0.03)) return this.#pick(JSON_PARTS);
    return `{${parts.join(",")}}`;
  }

  #form(pairs: [string, unknown][]): string {
    const text = (value: unknown) => typeof value === "string" ? value : JSON.stringify(value);
    const parts = pairs.map(([name, value]) => `${encoded(name)}=${encoded(text(value))}`);
    if (this.#chance(0.1) && parts[0]) parts.push(parts[0]);
    if (this.#chance(0.03)) parts.push("%", "a=%ff", "__proto__=x", "&&&", "a=%ED%A0%80");
    return parts.join("&");
  }

  #headers(method: string, api: boolean, body: boolean): [string, string][] {
    const type = api ? "application/json" : "application/x-www-form-urlencoded";
    const all: [string, string][] = [["accept", api ? "application/json" : "text/html"]];
    const own = this.#chance(0.95); // else it is another site's
    if (!["GET", "HEAD"].includes(method)) {
      all.push(["origin", own ? this.options.origin : this.#pick(ODD_ORIGINS)]);
      all.push(["sec-fetch-site", own ? "same-origin" : this.#pick(["cross-site", "none", "\t"])]);
    }
    if (body) all.push(["content-type", this.#chance(0.95) ? type : this.#pick(ODD_TYPES)]);
    while (this.#chance(0.25)) all.push(this.#pick(ODD_HEADERS));
    return all;
  }
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "FOO", "PROPFIND"];
const PATH_PARTS = [
  "..",
  "/../",
  "%2e%2e/",
  "%00",
  "%c0%af",
  "%ff",
  "%ED%A0%80",
  "%",
  "%zz",
  "//",
  ";x=1",
  "%252e",
  "\\",
  "__proto__",
  "constructor",
  "%F0%9F%95%B0",
  "a".repeat(3_000),
  "*",
  ":id",
  "%0d%0aX: y",
  "#",
];
const QUERY_NAMES = [
  ...["q", "tag", "cursor", "state", "kind", "words", "text", "zone", "next", "moved", "step"],
  ...["of", "job", "v", "unread", "date", "time", "repeat", "until", "page", "__proto__"],
];
const JSON_PARTS = [
  "",
  "{",
  "null",
  "[]",
  '"x"',
  "1",
  "{}}",
  "[".repeat(60) + "]".repeat(60),
  "\0",
];
const ODD_ORIGINS = ["null", "https://evil.example", "http://localhost:8000.evil.example", "x"];
const ODD_TYPES = [
  "text/plain",
  "application/json; charset=utf-16",
  "multipart/form-data; boundary=x",
  "application/x-www-form-urlencoded; charset=shift_jis",
  "*/*",
  ";",
];
const ODD_HEADERS: [string, string][] = [
  ["accept", "*/*;q=nope, text/html;;;"],
  ["accept-language", "x".repeat(300)],
  ["accept-language", "de-DE-u-ca-buddhist-nu-arab, zz-ZZ;q=9, *"],
  ["cookie", "cw_session_dev=; cw_session_dev=x; a=%ff; =; flash=%zz"],
  ["cookie", "cw_flash=" + "A".repeat(3_000)],
  ["if-none-match", '*, W/"x", "'],
  ["if-modified-since", "never"],
  ["range", "bytes=0-0,-5,9-1"],
  ["x-forwarded-for", "1.2.3.4, ::1, [bad"],
  ["x-forwarded-host", "evil.example"],
  ["x-http-method-override", "DELETE"],
  ["authorization", "Bearer " + "x".repeat(500)],
  ["authorization", "Basic %%%"],
  ["content-encoding", "gzip"],
  ["expect", "200-ok"],
  ["user-agent", "\xff\xfe" + "x".repeat(2_000)],
  ["user-agent", ""],
  ["x-long", "x".repeat(40_000)],
  ["idempotency-key", "__proto__"],
  ["x-telegram-bot-api-secret-token", "x"],
  ["sec-websocket-protocol", "cw.v1, x"],
];

/** Percent-encoded; half a surrogate pair too, which `encodeURIComponent` refuses. */
export function encoded(text: string): string {
  return text.replace(/[^\w.~-]/gu, (one) => {
    const code = one.codePointAt(0)!;
    if (code < 0xd800 || code > 0xdfff) return encodeURIComponent(one);
    const bytes = [0xe0 | code >> 12, 0x80 | code >> 6 & 0x3f, 0x80 | code & 0x3f];
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase()}`).join("");
  });
}

/** The fields of every object that the code of the doors reads, by its source. */
function schemasOf(folder: URL): Fields[] {
  const found: Fields[] = [["title", "text"]];
  for (const { name } of Deno.readDirSync(folder)) {
    if (!/\.tsx?$/.test(name)) continue;
    const source = Deno.readTextFileSync(new URL(name, folder));
    for (
      const [, inside = ""] of source.matchAll(/(?:bject|extend)\(\{((?:[^{}]|\{[^{}]*\})*)\}/g)
    ) {
      const names = [...inside.matchAll(/(?:^|[\n{,])\s*(\w+):/g)].map(([, field = ""]) => field);
      if (names.length > 0) found.push([...new Set(names)]);
    }
  }
  return found;
}
