import { type DateMatch, dayOfYear, fullDate } from "./when_days.ts";
import { digitsAt, isGlued, isSign, type Token, type Tokens } from "./when_tokens.ts";
import { partsOf, type Wall } from "./wall.ts";

/** "2026-11-23", "23.11.", "23.11.2026", "23.11.26", "23/11", "23/11/2026". */
export function readNumericDate(tokens: Tokens, i: number, today: Wall): DateMatch | null {
  const first = tokens[i];
  const sign = tokens[i + 1];
  if (first?.kind !== "number" || sign?.kind !== "sign" || !areGlued(tokens, i + 1, i + 2)) {
    return null;
  }
  const second = digitsAt(tokens, i + 2, 2);
  if (second === null) return null;
  const again = isSign(tokens, i + 3, sign.text) && areGlued(tokens, i + 3, i + 3);
  const third = again && areGlued(tokens, i + 4, i + 4) ? tokens[i + 4]! : null;
  if (first.text.length === 4 && (sign.text === "-" || sign.text === "/")) {
    const day = third && digitsAt(tokens, i + 4, 2);
    if (day === null) return null;
    return { date: fullDate(day, second, Number(first.text)), to: i + 5, strength: "sure" };
  }
  const day = digitsAt(tokens, i, 2);
  if (day === null) return null;
  const year = yearOf(third, today);
  if (sign.text === ".") {
    if (year !== null) {
      const strength = third!.text.length === 4 ? "sure" : "edge"; // 1.12.26 may be a version
      return { date: fullDate(day, second, year), to: i + 5, strength };
    }
    if (!again || third?.kind === "number") return null;
    return { date: dayOfYear(day, second, today), to: i + 4, strength: "edge" };
  }
  if (sign.text !== "/") return null;
  return slashed(day, second, { year, to: year === null ? i + 3 : i + 5, today });
}

/** A year in four figures, or in two from the present one on. */
function yearOf(token: Token | null, today: Wall): number | null {
  if (token?.kind !== "number") return null;
  if (token.text.length === 4) return Number(token.text);
  const year = 2_000 + Number(token.text);
  const now = partsOf(today).year;
  return token.text.length === 2 && year >= now && year <= now + 10 ? year : null;
}

/** Day first; where both may be months the other way round is offered too. */
function slashed(
  a: number,
  b: number,
  { year, to, today }: { year: number | null; to: number; today: Wall },
): DateMatch {
  const dated = (day: number, month: number) =>
    year === null ? dayOfYear(day, month, today) : fullDate(day, month, year);
  const unclear = a <= 12 && b <= 12 && a !== b;
  const date = b > 12 && a <= 12 ? dated(b, a) : dated(a, b);
  const others = unclear ? [dated(b, a).days] : [];
  // half of these are parts of something: 1/2 cup
  return {
    date: { ...date, others },
    to,
    strength: year !== null ? "sure" : unclear ? "end" : "edge",
  };
}

function areGlued(tokens: Tokens, from: number, to: number): boolean {
  for (let i = from; i <= to; i++) if (!isGlued(tokens, i)) return false;
  return true;
}
