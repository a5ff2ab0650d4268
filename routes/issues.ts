import type { z } from "zod";
import { AppError } from "../core/errors.ts";

type Issue = z.core.$ZodIssue;

/**
 * The first thing that is wrong with an input, in our words. It never says back what was sent: that
 * may be a password.
 */
export function invalidInput(error: z.ZodError): AppError {
  const [issue] = error.issues;
  if (issue === undefined) return new AppError("invalid", "Cannot use this input");
  const field = fieldOf(issue);
  const what = field === "" ? "this input" : field;
  return new AppError("invalid", `Cannot use ${what}: ${whyOf(issue)}`, {
    field: field === "" ? undefined : field,
  });
}

/** The name of the field as the sender knows it, if it is short and plain. */
export function fieldOf(issue: Issue): string {
  const path = issue.code === "unrecognized_keys"
    ? [...issue.path, issue.keys[0] ?? ""]
    : issue.path;
  const name = path.map(String).join(".");
  return /^[\w.-]{1,60}$/.test(name) ? name : "";
}

/** What to do about it. */
export function whyOf(issue: Issue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return "there is no such field";
    case "invalid_type":
      return issue.message.endsWith("received undefined")
        ? "it is missing"
        : `it must be ${nameOf(issue.expected)}`;
    case "invalid_value":
      return `it must be one of ${issue.values.map(String).join(", ")}`;
    case "too_big":
      return `it must have at most ${String(issue.maximum)}${unitOf(issue.origin)}`;
    case "too_small":
      return `it must have at least ${String(issue.minimum)}${unitOf(issue.origin)}`;
    case "custom":
      return issue.message;
    default:
      return "it is not as it should be";
  }
}

function nameOf(expected: string): string {
  const names: Record<string, string> = {
    string: "text",
    number: "a number",
    int: "a whole number",
    boolean: "true or false",
    array: "a list",
    object: "an object",
  };
  return names[expected] ?? expected;
}

function unitOf(origin: string): string {
  return origin === "string" ? " characters" : origin === "array" ? " entries" : "";
}
