type Listener = (data: unknown) => void;

/** Carries what happens from the socket and from polling to the islands of a page. */
export class Bus {
  #listeners = new Map<string, Set<Listener>>();

  /** @returns the function that ends the listening. */
  on(type: string, fn: Listener): () => void {
    const all = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, all.add(fn));
    return () => void all.delete(fn);
  }

  emit(type: string, data: unknown): void {
    for (const fn of [...this.#listeners.get(type) ?? []]) fn(data);
  }
}
