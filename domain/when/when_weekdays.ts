import { weekdayAt } from "./when_names.ts";
import { isGlued, isSign, isWord, past, type Tokens } from "./when_tokens.ts";

const WORKDAYS = [1, 2, 3, 4, 5];
const MAX_LISTED = 14;

/** Whether two names written alike stand side by side: "mon wed", but not "monday sun". */
function areAlike(tokens: Tokens, i: number): boolean {
  const [before, name] = [tokens[i - 1]!, tokens[i]];
  return name !== undefined && !isGlued(tokens, i) && weekdayAt(tokens, i) !== null &&
    (before.text.length === 3) === (name.text.length === 3);
}

/** "mon, wed and fri", "mon wed fri", "mon-fri", "weekday", "weekends"; each as one or, where all are, in the plural. */
export function readDays(
  tokens: Tokens,
  i: number,
): { weekdays: number[]; plural: boolean; to: number } | null {
  if (isWord(tokens, i, "working", "work") && isWord(tokens, i + 1, "day", "days")) i += 1;
  const workdays = isWord(tokens, i, "weekday", "weekdays", "workday", "workdays") ||
    isWord(tokens, i - 1, "working", "work") && isWord(tokens, i, "day", "days");
  if (workdays || isWord(tokens, i, "weekend", "weekends")) {
    const plural = tokens[i]!.text.endsWith("s");
    return { weekdays: workdays ? WORKDAYS : [6, 7], plural, to: i + 1 };
  }
  const days = new Set<number>();
  let plural = true;
  let to = i;
  for (let j = i; days.size < 7 && j - i < 3 * MAX_LISTED;) {
    const found = weekdayAt(tokens, j);
    if (!found) break;
    const dash = isSign(tokens, j + 1, "-", "–");
    const last = dash ? weekdayAt(tokens, j + 2) : null;
    for (let day = found.weekday;; day = day % 7 + 1) {
      days.add(day);
      if (!last || day === last.weekday) break;
    }
    plural &&= (last ?? found).plural;
    to = last ? j + 3 : j + 1;
    j = isSign(tokens, to, ",", "&", "/", "+")
      ? past(tokens, to + 1, "and")
      : past(tokens, to, "and");
    if (j === to && !areAlike(tokens, to)) break;
  }
  return to === i ? null : { weekdays: [...days].sort(), plural, to };
}
