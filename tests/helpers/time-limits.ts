import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

/**
 * Records the milliseconds of every AbortSignal.timeout until it is disposed of.
 * @param signal what each of them returns. @default one whose time is over
 */
export function recordedTimeLimits(
  signal = () => AbortSignal.abort(new DOMException("late", "TimeoutError")),
): Disposable & { readonly limits: readonly number[] } {
  const { timeout } = AbortSignal;
  const limits: number[] = [];
  AbortSignal.timeout = (milliseconds) => {
    limits.push(milliseconds);
    return signal();
  };
  return {
    limits,
    [Symbol.dispose]() {
      AbortSignal.timeout = timeout;
    },
  };
}

interface Recorded extends Disposable {
  readonly milliseconds: readonly number[];
}

/** Records the milliseconds of every pause of `node:timers/promises` until it is disposed of. All of them are over at once. */
export function recordedPauses(): Recorded {
  const { setTimeout } = timers;
  const milliseconds: number[] = [];
  const replace = (by: typeof setTimeout) => {
    timers.setTimeout = by;
    syncBuiltinESMExports();
  };
  replace(async <T>(length = 1, value?: T) => {
    milliseconds.push(length);
    return value as T;
  });
  return { milliseconds, [Symbol.dispose]: () => replace(setTimeout) };
}

/** Records the milliseconds of every timer until it is disposed of. All of them are over soon. */
export function recordedTimers(): Recorded {
  const { setTimeout } = globalThis;
  const milliseconds: number[] = [];
  globalThis.setTimeout = ((callback: () => void, length = 1) => {
    milliseconds.push(length);
    return setTimeout(callback, 0);
  }) as typeof setTimeout;
  return {
    milliseconds,
    [Symbol.dispose]() {
      globalThis.setTimeout = setTimeout;
    },
  };
}
