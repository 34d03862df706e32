/** Milliseconds after which something that has to happen has not. */
const patience = 120_000;

/** Tells those who wait for something that it may be there now. */
export class Changes {
  readonly #looks = new Set<() => void>();

  announce(): void {
    for (const look of this.#looks) look();
  }

  /**
   * Waits until something is found.
   * @param missing says what did not come, for the error
   */
  until<T>(find: () => T | undefined, missing: () => string): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(limit);
        this.#looks.delete(look);
      };
      const look = () => {
        const found = find();
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      const limit = setTimeout(() => {
        finish();
        reject(new Error(`Did not come in time: ${missing()}`));
      }, patience);
      this.#looks.add(look);
      look();
    });
  }
}
