import { enrichedPrefix } from "../flow.ts";

const objectCreated = (bucket: string, key: unknown) => ({
  source: ["aws.s3"],
  "detail-type": ["Object Created"],
  detail: { bucket: { name: [bucket] }, object: { key: [key] } },
});

/** Raw leads: every object at the bucket's root. A key with a slash never matches, so an enriched lead cannot come back. */
export const rawLeadCreated = (bucket: string) => objectCreated(bucket, { "anything-but": { wildcard: "*/*" } });

export const enrichedLeadCreated = (bucket: string) => objectCreated(bucket, { prefix: enrichedPrefix });
