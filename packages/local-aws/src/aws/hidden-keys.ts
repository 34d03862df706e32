import type { ApiAnswer, Call } from "./call.ts";

const readings = new Set(["GetObject", "HeadObject"]);

/**
 * S3 answers AccessDenied for a missing key if the caller may not list the bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
 * @returns the call that the caller would have to be allowed as well
 */
export function listingNeeded(call: Call, answer: ApiAnswer): Call | undefined {
  if (call.service !== "s3" || answer.status !== 404 || !readings.has(call.operation)) return undefined;
  return { ...call, operation: "HeadBucket", parameters: { Bucket: call.parameters.Bucket } };
}
