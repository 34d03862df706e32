import { hash, timingSafeEqual } from "node:crypto";

const digest = (text: string) => hash("sha256", text, "buffer");

/** Whether two texts are the same. The time that it takes says nothing about where they differ. */
export const sameText = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

/** Whether a text is one of the given ones, in a time that does not depend on which. */
export const isOneOf = (text: string, valid: readonly string[]) =>
  valid.filter((one) => sameText(text, one)).length > 0;
