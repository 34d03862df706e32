import { generateMersenne53Randomizer } from "@faker-js/faker";
import type { Random } from "local-aws";

/** Numbers that are the same for the same seed. */
export function seededRandom(seed: number): Random {
  const randomizer = generateMersenne53Randomizer(seed);
  return () => randomizer.next();
}

export function oneOf<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}
