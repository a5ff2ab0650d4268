/**
 * Lets those that want the same things pass one after another. A place in line is taken for all of
 * them at once, so that nobody waits in a circle.
 */
export class Lines {
  readonly #last = new Map<string, Promise<void>>();

  /** Whether somebody stands in line for one of these. */
  isWanted(things: readonly string[]): boolean {
    return this.#last.size > 0 && things.some((thing) => this.#last.has(thing));
  }

  async pass<T>(things: readonly string[], act: () => Promise<T>): Promise<T> {
    const before = things.map((thing) => this.#last.get(thing));
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    for (const thing of things) this.#last.set(thing, over);
    await Promise.all(before);
    try {
      return await act();
    } finally {
      end();
      for (const thing of things) {
        if (this.#last.get(thing) === over) this.#last.delete(thing);
      }
    }
  }
}
