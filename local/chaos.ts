import { type Random, seededRandom } from "./random.ts";

/** How untidily queues and event bus deliver, as AWS allows them to. */
export interface ChaosSettings {
  /** Probability that an event or a message is delivered once more. @default 0 */
  readonly duplicates?: number;
  /** Probability that a receive takes messages out of order. @default 0 */
  readonly reorder?: number;
  /** The same seed draws the same numbers; which delivery gets which depends on the timing. */
  readonly seed: number;
}

/** Draws what happens to each delivery. */
export class Chaos {
  readonly #duplicates: number;
  readonly #reorder: number;
  readonly #random: Random;

  constructor({ duplicates = 0, reorder = 0, seed }: ChaosSettings) {
    this.#duplicates = duplicates;
    this.#reorder = reorder;
    this.#random = seededRandom(seed);
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
