import type { Platform } from "../platform.ts";

interface Sent {
  readonly DelaySeconds?: number;
  readonly Entries?: readonly { readonly DelaySeconds?: number }[];
}

/** Counts the messages that functions send with a delay. @returns what tells the number so far */
export function countPostponed({ gateway }: Platform): () => number {
  let count = 0;
  gateway.on("answered", ({ call: { caller, operation, parameters }, answer }) => {
    if (caller.kind !== "role" || !operation.startsWith("SendMessage") || answer.status !== 200) return;
    const { Entries, ...alone }: Sent = parameters;
    count += (Entries ?? [alone]).filter(({ DelaySeconds = 0 }) => DelaySeconds > 0).length;
  });
  return () => count;
}
