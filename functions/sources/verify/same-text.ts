import { hash, timingSafeEqual } from "node:crypto";

const digest = (text: string) => hash("sha256", text, "buffer");

/** Whether two texts are the same. The time that it takes says nothing about where they differ. */
export const sameText = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

/**
 * Whether a text is one of the valid ones. An empty text never is. All are compared, so that the time does not depend on which
 * one is the same.
 */
export const isOneOf = (given: string, valid: readonly string[]): boolean =>
  valid.filter((one) => sameText(given, one)).length > 0 && given !== "";
