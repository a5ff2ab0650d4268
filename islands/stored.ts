/** What this browser remembers; one that refuses to store anything remembers nothing. */
export const stored = {
  get(key: string): string | null {
    return quietly(() => localStorage.getItem(key));
  },

  /** @returns whether it is stored now. */
  set(key: string, value: string): boolean {
    return quietly(() => {
      localStorage.setItem(key, value);
      return true;
    }) ?? false;
  },

  drop(key: string): void {
    quietly(() => localStorage.removeItem(key));
  },

  keys(): string[] {
    return quietly(() => Object.keys(localStorage)) ?? [];
  },
};

function quietly<T>(fn: () => T): T | null {
  try {
    return fn();
  } catch {
    return null;
  }
}
