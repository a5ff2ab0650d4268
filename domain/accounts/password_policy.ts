import { AppError } from "../../core/errors.ts";
import { MAX_PASSWORD_BYTES } from "./passwords.ts";

/** NIST SP 800-63B-4, section 3.1.1: 15 characters where a password is all that is asked for. */
export const MIN_PASSWORD_CHARS = 15;
/** The same where a second factor is asked for too. */
export const MIN_CHARS_WITH_FACTOR = 8;
/** ASVS 5.0, 6.2.9 asks for 64 at least. */
export const MAX_PASSWORD_CHARS = 128;
/** Out of 4; 3 is 10⁸ guesses or more, enough where each guess is slowed down. */
const MIN_SCORE = 3;
/** What is judged at each end: judging takes up to 0.1 s for 128 characters, and this answers. */
const JUDGED_CHARS = 40;
/** Phrases that everyone knows and the lists of single words let pass. */
const FAMOUS = [
  "correct horse battery staple",
  "the quick brown fox",
  "jumps over the lazy dog",
  "this is a password",
  "this is my password",
  "i love you",
  "to be or not to be",
  "once upon a time",
  "let me in",
];
const SERVICE = ["clock work", "clock", "work"];

export interface Person {
  email: string;
  name: string;
  /** Set where a second factor is asked for. */
  factorAt?: number;
}

/**
 * Lets a password pass that is hard to guess for somebody who knows whose it is. It is taken exactly
 * as typed: no rules of composition, no trimming (NIST SP 800-63B-4, 3.1.1.2).
 *
 * @throws {AppError} `invalid` of `field`, saying what to do.
 */
export async function requireGoodPassword(
  password: string,
  person: Person,
  field = "password",
): Promise<void> {
  const problem = lengthProblem(password, minChars(person)) ?? await guessProblem(password, person);
  if (problem) throw new AppError("invalid", `Cannot use this password: ${problem}`, { field });
}

/** How many characters the password of an account must have. */
export function minChars({ factorAt }: Pick<Person, "factorAt">): number {
  return factorAt === undefined ? MIN_PASSWORD_CHARS : MIN_CHARS_WITH_FACTOR;
}

function lengthProblem(password: string, least: number): string | null {
  const { length } = [...password];
  if (length < least) {
    return `it has ${length} characters, take at least ${least}, as in four words that do not belong together`;
  }
  const bytes = new TextEncoder().encode(password).length;
  if (length > MAX_PASSWORD_CHARS || bytes > MAX_PASSWORD_BYTES) {
    return `it is longer than ${MAX_PASSWORD_CHARS} characters`;
  }
  return password.isWellFormed() ? null : "it holds a broken character, type it again";
}

async function guessProblem(password: string, person: Person): Promise<string | null> {
  const lower = password.toLowerCase();
  if (await score(without(lower, FAMOUS)) < MIN_SCORE) {
    return "it is among the first to be guessed, take four or more words that do not belong together";
  }
  if (await score(without(lower, [...SERVICE, ...wordsOf(person)])) < MIN_SCORE) {
    return "it is made of your name, your address or the name of this service, take words that have nothing to do with them";
  }
  return null;
}

/** The words that a guesser would try first for this person; shorter ones are in every sentence. */
function wordsOf({ email, name }: Person): string[] {
  const parts = `${name} ${email}`.toLowerCase().split(/[^\p{L}\p{M}\p{N}]+/u);
  return [email.toLowerCase(), ...parts].filter((part) => part.length >= 3);
}

/** A text without these words, however they are spaced, and without what joins words. */
function without(text: string, words: readonly string[]): string {
  const joined = (text: string) => text.replace(/[\s_.,-]+/gu, "");
  let rest = joined(text);
  for (const word of words.map(joined).sort((a, b) => b.length - a.length)) {
    rest = rest.replaceAll(word, " ");
  }
  return joined(rest);
}

/** How hard a text is to guess, 0–4. A long one is as hard as the harder of its ends. */
async function score(text: string): Promise<number> {
  const judge = await loadJudge();
  const period = (text + text).indexOf(text, 1);
  const chars = [...text.slice(0, period)]; // said twice is not harder than said once
  const first = judge(chars.slice(0, JUDGED_CHARS).join(""));
  if (chars.length <= JUDGED_CHARS || first >= MIN_SCORE) return first;
  return Math.max(first, judge(chars.slice(-JUDGED_CHARS).join("")));
}

let loading: Promise<(text: string) => number> | undefined;

/** Loaded when first needed: its lists of common passwords take some 50 MB. */
function loadJudge(): Promise<(text: string) => number> {
  return loading ??= (async () => {
    const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
      import("@zxcvbn-ts/core"),
      import("@zxcvbn-ts/language-common"),
    ]);
    const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
    return (text: string) => zxcvbn.check(text).score;
  })();
}
