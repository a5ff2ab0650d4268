// @ts-types="./qrcode.d.ts"
import { create } from "qrcode/lib/core/qrcode.js";

/** Modules of white around the code that a reader may count on: ISO/IEC 18004. */
const QUIET = 4;

/** A text for a phone to read off the screen; dark on white in every scheme, or phones fail. */
export function Qr({ text, label }: { text: string; label: string }) {
  const { size, data } = create(text, { errorCorrectionLevel: "M" }).modules;
  const side = size + 2 * QUIET;
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label}>
      <rect width={side} height={side} fill="#fff" />
      <path d={rows(data, size)} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}

/** Each run of dark modules as one rectangle. */
function rows(data: Uint8Array, size: number): string {
  let path = "";
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = x;
      while (x < size && data[y * size + x]) x++;
      if (x > from) path += `M${from + QUIET} ${y + QUIET}h${x - from}v1h${from - x}z`;
    }
  }
  return path;
}
