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
