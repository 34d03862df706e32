import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";

/** A signal that never comes: a run that nobody ends early. */
export const never: AbortSignal = new AbortController().signal;

/** Resolves when a signal has come. */
export const aborted = (signal: AbortSignal): Promise<unknown> =>
  signal.aborted ? Promise.resolve() : once(signal, "abort");

/** Waits, and no longer than until a signal comes. */
export const pauseUnless = (signal: AbortSignal, milliseconds: number): Promise<unknown> =>
  pause(milliseconds, undefined, { signal }).catch(() => undefined);
