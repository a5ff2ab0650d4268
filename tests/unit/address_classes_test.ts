import { assert, assertEquals } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { parseAddress } from "../../domain/recipients/addresses.ts";

/** How many there are at least, in all classes together. */
const AT_LEAST = 300;

const times = <A, B>(some: A[], others: B[]): [A, B][] =>
  some.flatMap((one): [A, B][] => others.map((other) => [one, other]));

/** Every sign of RFC 5322 `atext` but those that once asked servers to pass mail on. */
const ATEXT = [..."abzAZ09#$&'*+/=?^_`{|}~-"];
const SPECIALS = [...'()<>[]:;@\\,"%!'];
const SPACES = [" ", "\t", "\u00a0", "\u2003", "\u3000", "\ufeff"];
const CONTROLS = ["\0", "\x07", "\x1b", "\x7f", "\x85", "\r", "\n", "\r\n", "\u2028", "\u2029"];
const HIDDEN = ["\u200b", "\u200d", "\u202e", "\u2066", "\u00ad", "\ud800", "\udc00", "\u{e0041}"];
const PLACES: ((sign: string) => string)[] = [
  (sign) => `${sign}ada@example.org`,
  (sign) => `a${sign}da@example.org`,
  (sign) => `ada${sign}@example.org`,
  (sign) => `ada@${sign}example.org`,
  (sign) => `ada@exam${sign}ple.org`,
  (sign) => `ada@example.org${sign}`,
];
const inside = (signs: string[]) => times(signs, PLACES).map(([sign, place]) => place(sign));
const label = (length: number) => "d".repeat(length);

/** Addresses by what is the matter with them; the policy is what `parseAddress` says of itself. */
const taken: Record<string, string[]> = {
  "every sign that a word may have": ATEXT.map((sign) => `a${sign}b@example.org`),
  "words with dots": ["a.b", "a.b.c.d", "1.2", "-.-", "a+b.c", "a.b+c"].map((x) => `${x}@a.org`),
  "tags and sub-addresses": ["ada+x", "ada+x+y", "ada-x", "ada=x"].map((x) => `${x}@example.org`),
  "the longest parts": [
    `${"l".repeat(64)}@example.org`,
    `ada@${label(63)}.org`,
    `a@${label(63)}.${label(63)}.${label(63)}.${label(56)}.org`,
  ],
  "domains of many kinds": [
    ...["a.bc", "1.org", "a1.b2.c3", "xn--exmple-cua.org", "a-b.org", "a--b.org"],
    ...["example.museum", "example.travel", "sub.sub.sub.example.org", "3com.com", "x.co"],
  ].map((domain) => `ada@${domain}`),
  "domains in other letters": ["exämple.org", "пример.рф", "例え.jp", "مثال.إختبار", "mañana.es"]
    .map((domain) => `ada@${domain}`),
};

const refused: Record<string, string[]> = {
  "a sign that means something to servers": inside(SPECIALS.filter((sign) => sign !== "@")),
  // Plain ones around it are of pasting, and dropped.
  "a space, of whatever width": inside(SPACES).filter((text) => !/^ | $/.test(text)),
  "a control character or a line break": inside(CONTROLS),
  "a sign without a face": inside(HIDDEN),
  "more or fewer than one @": [
    ...["ada", "@", "@@", "a@b@c.org", "ada@@example.org", "@example.org", "ada@", "a@b.org@"],
    ...["ada@example.org@evil.example", "@ada@example.org", "ada@example.org,@b.org:c@d.org"],
  ],
  "a quoted word": ['"ada"', '"a b"', '"a@b"', '"a\\"b"', '"x,y"', '""', 'a"b"c', '"', '"ada\\"']
    .map((local) => `${local}@example.org`),
  "a comment": ["(x)ada@example.org", "ada(x)@example.org", "ada@(x)example.org", "ada@a.org(x)"],
  "a name, brackets or a group": [
    ...["Ada <ada@example.org>", "<ada@example.org>", "Ada ada@example.org", "a: ada@b.org;"],
    ...['"Ada" <ada@example.org>', "<ada@example.org", "ada@example.org>", "<>", "a:;"],
  ],
  "a way to go": [
    ...["ada%example.org@relay.example", "relay.example!ada@example.org", "a!b!c@example.org"],
    ...["@relay.example:ada@example.org", "@a.org,@b.org:ada@c.org", "ada%b.org%c.org@d.org"],
  ],
  "several addresses": [",", ";", " ", "\n", "%0a", "%2c", ", ", "|", "&", "\\n"].map((between) =>
    `ada@example.org${between}eve@evil.example`
  ),
  "another header": ["Bcc", "Cc", "To", "Subject", "Content-Type"].flatMap((name) =>
    ["\r\n", "\n", "%0d%0a", "\\r\\n"].map((end) =>
      `ada@example.org${end}${name}: eve@evil.example`
    )
  ),
  "dots where none may be": [".ada", "ada.", "a..b", ".", "..", "a...b"].map((x) => `${x}@a.org`),
  "a domain that is none": [
    ...["", ".", "..", "org", "localhost", ".org", "example.", "example..org", "-a.org", "a-.org"],
    ...["a_b.org", "a b.org", "exa+mple.org", "example.org.", "a.-b.org", "a.b-", "a.1", "*.org"],
    ...["example.org:25", "example.org/x", "example.org?x", "example.org#x", "u:p@example.org"],
    ...["xn--zzzzzz.org", "xn--.org", "☃.net", "\u{1f4a9}.la", "a。b", "exam\u0338ple\u0338.or g"],
  ].map((domain) => `ada@${domain}`),
  "an address of a machine": [
    ...["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[127.0.0.1]", "[::1]"],
    ...["[IPv6:::1]", "[IPv6:::ffff:127.0.0.1]", "::1", "169.254.169.254", "1.2.3.4.5", "[x]"],
  ].map((domain) => `ada@${domain}`),
  "too long": [
    `${"l".repeat(65)}@example.org`,
    `ada@${label(64)}.org`,
    `ada@${`${label(60)}.`.repeat(5)}org`,
    `${"l".repeat(64)}@${`${label(62)}.`.repeat(3)}org`,
    `${"a".repeat(255)}@example.org`,
    `ada@${"a.".repeat(130)}org`,
    "@".repeat(1_000),
    "a@".repeat(1_000),
  ],
  "letters that look like others before the @": ["аda", "ädä", "ﬁ", "ａda", "ада", "用户", "ñ"]
    .map((local) => `${local}@example.org`),
  "something else": [
    ...["mailto:ada@example.org", "https://ada@example.org", "ada@example.org?subject=x", "null"],
    ...[
      "ada@example.org' OR 1=1",
      "__proto__",
      "undefined",
      "[object Object]",
    ],
    ...["<script>@example.org", "ada@<b>example.org", "=cmd|x!A1@example.org", "ada\\@example.org"],
  ],
};

for (const [what, texts] of Object.entries(taken)) {
  Deno.test(`an address is taken with ${what}`, () => {
    for (const text of texts) {
      const { address } = parseAddress(text);
      const at = text.lastIndexOf("@");
      assertEquals(address.slice(0, at), text.slice(0, at), "what is before the @ is as typed");
      assert(/^[\x21-\x7e]+@[a-z0-9.-]+$/.test(address) && address.length <= 254, address);
    }
  });
}

for (const [what, texts] of Object.entries(refused)) {
  Deno.test(`an address is refused for ${what}`, () => {
    for (const text of texts) {
      let error: unknown;
      try {
        parseAddress(text);
      } catch (thrown) {
        error = thrown;
      }
      assert(error instanceof AppError && error.code === "invalid", JSON.stringify(text));
    }
  });
}

Deno.test("the list of addresses is as long as it is said to be", () => {
  const all = [...Object.values(taken), ...Object.values(refused)].flat();
  assert(new Set(all).size >= AT_LEAST, String(new Set(all).size));
});
