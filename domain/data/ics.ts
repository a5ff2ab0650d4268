/** The text of iCalendar files: RFC 5545. */
import { formatWall, type Wall } from "../when/wall.ts";

/** Longest line in bytes, without its end (§3.1). */
const MAX_LINE_BYTES = 75;

/** A value of type TEXT (§3.3.11). Control characters but tabs and line ends have no place in one. */
export function icsText(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n")
    // deno-lint-ignore no-control-regex -- control characters are what is looked for
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "")
    .replaceAll("\\", "\\\\")
    .replaceAll(";", "\\;")
    .replaceAll(",", "\\,")
    .replaceAll("\n", "\\n");
}

/** A content line, folded so that no line is over 75 bytes and no character is cut. */
export function icsLine(line: string): string {
  let folded = "";
  let bytes = 0;
  for (const char of line.toWellFormed()) {
    const size = char.codePointAt(0)! < 0x80 ? 1 : new TextEncoder().encode(char).length;
    if (bytes + size > MAX_LINE_BYTES) {
      folded += "\r\n ";
      bytes = 1;
    }
    folded += char;
    bytes += size;
  }
  return `${folded}\r\n`;
}

/** "20261123T103000": what clocks show. */
export function icsWall(wall: Wall): string {
  return formatWall(wall).replace(/[-:]/g, "");
}

/** "20261123T093000Z" */
export function icsInstant(at: number): string {
  return `${icsWall(Math.floor(at / 1_000) * 1_000)}Z`;
}

export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
