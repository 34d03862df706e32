/** How untidily queues and event bus deliver, as AWS allows them to. */
export interface ChaosSettings {
  /** Probability that an event or a message is delivered once more. @default 0 */
  readonly duplicates?: number;
  /** Probability that a receive takes messages out of order. @default 0 */
  readonly reorder?: number;
  /** The same seed draws the same numbers; which delivery gets which depends on the timing. */
  readonly seed: number;
}

/** Numbers from 0 to 1, always the same for a seed. https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Draws what happens to each delivery. */
export class Chaos {
  readonly #duplicates: number;
  readonly #reorder: number;
  readonly #random: () => number;

  constructor({ duplicates = 0, reorder = 0, seed }: ChaosSettings) {
    this.#duplicates = duplicates;
    this.#reorder = reorder;
    this.#random = randomNumbers(seed);
  }

  duplicates(): boolean {
    return this.#random() < this.#duplicates;
  }

  /** Now and then the same items in another order, else the same list. */
  reordered<T>(items: T[]): T[] {
    if (items.length < 2 || this.#random() >= this.#reorder) return items;
    return items
      .map((item) => ({ item, place: this.#random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }
}
