import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** Lets a textarea grow with its text where the stylesheet alone cannot. @returns call on change. */
export function useGrow(area: RefObject<HTMLTextAreaElement | null>): () => void {
  const grow = () => {
    const el = area.current;
    if (el === null || CSS.supports("field-sizing", "content")) return;
    el.style.blockSize = "auto";
    el.style.blockSize = `${el.scrollHeight}px`;
  };
  useEffect(grow, []);
  return grow;
}
