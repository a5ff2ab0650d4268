import { isValidElement } from "preact";
import { isFreeText } from "./spoil.ts";
import { xssStrings } from "./xss_strings.ts";

/** Puts hostile strings, each in its turn, in the place of all that people write in what a page shows. */
export function spoilProps(): <T>(props: T) => T {
  let turn = 0;
  const spoil = (value: unknown, name: string): unknown => {
    if (typeof value === "string") {
      return isFreeText(name) ? xssStrings[turn++ % xssStrings.length]!.toWellFormed() : value;
    }
    if (Array.isArray(value)) return value.map((one) => spoil(one, name));
    const isPlain = typeof value === "object" && value !== null && !isValidElement(value) &&
      Object.getPrototypeOf(value) === Object.prototype;
    if (!isPlain) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoil(one, name)]));
  };
  return <T>(props: T) => spoil(props, "") as T;
}
