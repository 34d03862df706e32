import type { Intercept } from "local-aws";
import { reconcile } from "../../flow.ts";

/** Milliseconds by which objects are older than they are: the scheduled function leaves out those of the last hour. */
const older = 2 * 3_600_000;
const aged = (time: string) => new Date(Date.parse(time) - older);

/**
 * Makes objects older for the functions, so that the scheduled one compares what was stored just now. All see the same age,
 * because the day of an enriched object's key is that on which its raw object was created.
 */
export const agedListings: Intercept = async ({ caller, operation }, proceed) => {
  if (caller.kind !== "role") return undefined;
  if (operation === "GetObject") {
    const { headers, ...answer } = await proceed();
    const { "last-modified": time } = headers;
    return { ...answer, headers: { ...headers, ...(time && { "last-modified": aged(String(time)).toUTCString() }) } };
  }
  if (!caller.name.endsWith(`-${reconcile.name}`) || !operation.startsWith("List")) return undefined;
  const answer = await proceed();
  const body = String(answer.body).replaceAll(/(?<=<LastModified>)[^<]+/g, (time) => aged(time).toISOString());
  return { ...answer, headers: { ...answer.headers, "content-length": `${Buffer.byteLength(body)}` }, body };
};
