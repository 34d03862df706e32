import { type Random, seededRandom } from "../../../local/random.ts";

/** Decides how untidily queues and event bus deliver, within what AWS allows them. */
export interface Delivery {
  /** Whether an event or a message is delivered once more. */
  duplicates(): boolean;
  /** The order in which messages are handed out: the same list, or its items in another order. */
  reordered<T>(items: T[]): T[];
}

/** Each event and message once, in order. */
export const tidy: Delivery = { duplicates: () => false, reordered: (items) => items };

export interface ChaosSettings {
  /** Probability that an event or a message is delivered once more. @default 0 */
  readonly duplicates?: number;
  /** Probability that a receive takes messages out of order. @default 0 */
  readonly reorder?: number;
  /** The same seed draws the same numbers; which delivery gets which depends on the timing. */
  readonly seed: number;
}

/** Draws what happens to each delivery. */
export class Chaos implements Delivery {
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

  reordered<T>(items: T[]): T[] {
    return items.length < 2 || this.#random() >= this.#reorder ? items : shuffled(items, this.#random);
  }
}

export const shuffled = <T>(items: readonly T[], random: Random): T[] =>
  items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
