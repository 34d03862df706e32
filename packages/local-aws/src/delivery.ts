/** Decides how untidily queues and the event bus deliver, within what AWS allows them. */
export interface Delivery {
  /** Whether an event or a message is delivered once more. */
  duplicates(): boolean;
  /** The order in which messages are handed out: the same list, or its items in another order. */
  reordered<T>(items: T[]): T[];
}

/** Each event and message once, in order. */
export const tidy: Delivery = { duplicates: () => false, reordered: (items) => items };

/** A number from 0 up to 1. */
export type Random = () => number;

export interface UntidySettings {
  /** Probability that an event or a message is delivered once more. @default 0 */
  readonly duplicates?: number;
  /** Probability that a receive takes messages out of order. @default 0 */
  readonly reorder?: number;
  readonly random: Random;
}

/** Draws for each delivery whether it happens twice or out of order. */
export const untidy = ({ duplicates = 0, reorder = 0, random }: UntidySettings): Delivery => ({
  duplicates: () => random() < duplicates,
  reordered: (items) => (items.length < 2 || random() >= reorder ? items : shuffled(items, random)),
});

/** The same items in a drawn order. */
export const shuffled = <T>(items: readonly T[], random: Random): T[] =>
  items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
