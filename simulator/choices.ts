import type { Random } from "local-aws";
import { seededRandom } from "../local/random.ts";

/** Choices that are the same for the same seed. */
export class Choices {
  /** A number from 0 to 1, without 1. */
  readonly number: Random;

  constructor(seed: number) {
    this.number = seededRandom(seed);
  }

  between(low: number, high: number): number {
    return low + this.number() * (high - low);
  }

  /** A whole number from `low` to `high`. */
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(probability: number): boolean {
    return this.number() < probability;
  }

  oneOf<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)] as T;
  }
}
