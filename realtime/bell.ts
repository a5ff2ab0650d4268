/** Remembers that it rang until it is hushed. */
export class Bell {
  rang = false;
  heard: Promise<void> = Promise.resolve();
  #resolve = () => {};

  /** Before looking, so that a ring during the look is not missed. */
  hush(): void {
    this.rang = false;
    this.heard = new Promise((resolve) => this.#resolve = resolve);
  }

  ring(): void {
    this.rang = true;
    this.#resolve();
  }
}
