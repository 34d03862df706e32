/** Milliseconds after which something that has to happen has not. */
const patience = 120_000;

/**
 * Waits for something that has to happen.
 * @param listen calls `resolve` when it has
 * @throws Error saying what did not come in time
 */
export function inTime<T>(what: string, listen: (resolve: (value: T) => void) => void): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const limit = setTimeout(() => reject(new Error(`Did not come in time: ${what}`)), patience);
  listen((value) => {
    clearTimeout(limit);
    resolve(value);
  });
  // A test that fails before it waits for this must not end the whole process.
  promise.catch(() => undefined);
  return promise;
}
