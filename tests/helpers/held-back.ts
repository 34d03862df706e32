import type { Intercept } from "local-aws";

/**
 * Lets notify's poller see nothing until so many leads wait in its queue, so that they come in one batch. A poll that is
 * under way still gets the first one.
 */
export function heldBack(count: number): Intercept {
  let missing = count;
  let open = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async ({ operation, parameters, caller }, proceed) => {
    if (!String(parameters.QueueUrl).endsWith("-notifications")) return undefined;
    if (operation === "ReceiveMessage") await all;
    if (operation !== "SendMessage" || caller.kind !== "service") return undefined;
    const answer = await proceed();
    missing -= 1;
    if (missing === 0) open();
    return answer;
  };
}
