const BROWSERS: [RegExp, string][] = [
  [/\bEdg(?:A|iOS)?\//, "Edge"],
  [/\b(?:OPR|Opera)\//, "Opera"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "Mac"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

const find = (list: [RegExp, string][], agent: string) =>
  list.find(([pattern]) => pattern.test(agent))?.[1];

/** "Firefox on Linux", from what a browser says of itself; its first word where it says less. */
export function deviceOf(agent: string): string {
  return known(agent) ?? (agent.split(/[\s/]/)[0]?.slice(0, 40) || UNKNOWN);
}

/** The same without a word that the sender could choose: for letters, and to tell devices apart. */
export function familyOf(agent: string): string {
  return known(agent) ?? UNKNOWN;
}

const UNKNOWN = "Unknown browser";

function known(agent: string): string | undefined {
  const [browser, system] = [find(BROWSERS, agent), find(SYSTEMS, agent)];
  return browser && system ? `${browser} on ${system}` : browser ?? system;
}
