/**
 * Aborts when the user presses Ctrl-C, the process is asked to end or nobody reads it. A second Ctrl-C ends it at once.
 * @param reason of the signal. @default AbortError
 */
export function interruption(reason?: Error): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort(reason));
  process.stdout.on("error", () => controller.abort(reason));
  return controller.signal;
}
