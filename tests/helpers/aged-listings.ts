import type { Intercept } from "local-aws";

/** Milliseconds by which objects are older than they are: the scheduled function leaves out those of the last hour. */
const older = 2 * 3_600_000;
const aged = (time: string) => new Date(Date.parse(time) - older);

/**
 * Makes objects older for everybody who reads or lists them, so that the scheduled function compares what was stored just
 * now. All see the same age, because the day of an enriched object's key is that on which its raw object was created.
 */
export const agedListings: Intercept = async ({ operation }, proceed) => {
  if (operation === "GetObject") {
    const { headers, ...answer } = await proceed();
    const { "last-modified": time } = headers;
    return { ...answer, headers: { ...headers, ...(time && { "last-modified": aged(String(time)).toUTCString() }) } };
  }
  if (!/^ListObject/.test(operation)) return undefined;
  const answer = await proceed();
  const body = String(answer.body).replaceAll(/(?<=<LastModified>)[^<]+/g, (time) => aged(time).toISOString());
  return { ...answer, headers: { ...answer.headers, "content-length": `${Buffer.byteLength(body)}` }, body };
};
