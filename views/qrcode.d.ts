/** The part of qrcode 1.5.4 that is used here; the package brings no types of its own. */
export interface QrCode {
  modules: {
    /** Modules a side. */
    size: number;
    /** 1 where it is dark, row by row. */
    data: Uint8Array;
  };
}

/** Makes the smallest code that holds the text. */
export function create(
  text: string,
  options: { errorCorrectionLevel: "L" | "M" | "Q" | "H" },
): QrCode;
