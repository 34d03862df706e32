import type { Random } from "local-aws";

export const between = (random: Random, low: number, high: number) => low + random() * (high - low);

export function oneOf<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}
