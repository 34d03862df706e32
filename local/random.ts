import { generateMersenne53Randomizer } from "@faker-js/faker";

/** Numbers from 0 up to 1. */
export type Random = () => number;

/** Numbers that are the same for the same seed. */
export function seededRandom(seed: number): Random {
  const randomizer = generateMersenne53Randomizer(seed);
  return () => randomizer.next();
}
