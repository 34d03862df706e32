import { createHmac } from "node:crypto";
import { type DoorContext, type SourceRequest, UnprovenRequestError, UnusableSecretError } from "../door.ts";
import { sameText } from "./same-text.ts";

/** Where a header holds a value: in all of its text, or in the part that begins with a prefix. */
interface HeaderValue {
  /** The header's name in lower case. */
  readonly header: string;
  /**
   * What stands before the value, such as `sha256=`.
   * @default nothing
   */
  readonly prefix?: string;
  /**
   * What stands between the parts of the header.
   * @default the header is one part
   */
  readonly separator?: string;
}

interface TimestampRule extends HeaderValue {
  readonly unit: "seconds" | "milliseconds";
  /** How far the time can be off, in either direction. */
  readonly toleranceSeconds: number;
}

type Part = string | Uint8Array;

/** How a source signs its requests by HMAC-SHA256. */
export interface HmacRule extends HeaderValue {
  readonly encoding: "hex" | "base64";
  /**
   * When the request was sent.
   * @default the source sends no time, so a request can be replayed at any time
   */
  readonly timestamp?: TimestampRule;
  /**
   * The key that a secret stands for.
   * @default the secret's UTF-8 bytes
   * @throws UnusableSecretError
   */
  readonly key?: (secret: string) => Part;
  /**
   * What is signed, in parts that are joined; undefined when the request lacks one. `timestamp` is the header's text.
   * @default the body
   */
  readonly signed?: (request: SourceRequest, timestamp: string) => readonly Part[] | undefined;
}

/**
 * Checks a signature by HMAC-SHA256 over the raw bytes of the request. The signature must be written exactly as the source writes
 * it.
 * @throws UnprovenRequestError BadSignature when the time is off or no secret fits
 * @throws UnusableSecretError
 */
export function verifyHmac(
  rule: HmacRule,
  request: SourceRequest,
  { secrets, now }: Pick<DoorContext, "secrets" | "now">,
): void {
  let reason = "the secret of this source is empty";
  let unusable: unknown;
  for (const secret of secrets) {
    try {
      const result = check(rule, request, rule.key?.(secret) ?? secret, now);
      if (result === "fits") return;
      reason = result;
    } catch (error) {
      if (!(error instanceof UnusableSecretError)) throw error;
      unusable = error;
    }
  }
  // The request may be signed with what the unusable secret was meant to be, so the source should send it again.
  if (unusable) throw unusable;
  throw new UnprovenRequestError("BadSignature", `The request's signature was refused: ${reason}.`);
}

/** @returns "fits", or what is wrong */
function check(rule: HmacRule, request: SourceRequest, key: Part, now: Date): string {
  const signatures = valuesOf(rule, request);
  const sentAt = rule.timestamp ? valuesOf(rule.timestamp, request)[0] : "";
  const parts = sentAt === undefined ? undefined : (rule.signed ?? onlyBody)(request, sentAt);
  if (signatures.length === 0 || sentAt === undefined || !parts) return "missing required headers";
  const lateness = rule.timestamp && timeProblem(rule.timestamp, sentAt, now);
  if (lateness) return lateness;
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  const expected = hmac.digest(rule.encoding);
  return signatures.some((signature) => sameText(signature, expected)) ? "fits" : "no matching signature found";
}

const onlyBody = ({ body }: SourceRequest) => [body];

function valuesOf({ header, prefix = "", separator }: HeaderValue, { headers }: SourceRequest): string[] {
  const text = headers[header] ?? "";
  const parts = separator === undefined ? [text] : text.split(separator);
  return parts.filter((part) => part !== "" && part.startsWith(prefix)).map((part) => part.slice(prefix.length));
}

function timeProblem({ unit, toleranceSeconds }: TimestampRule, sentAt: string, now: Date): string | undefined {
  if (!/^\d{1,16}$/.test(sentAt)) return "invalid timestamp";
  const perSecond = unit === "seconds" ? 1 : 1000;
  const age = Math.floor((now.getTime() * perSecond) / 1000) - Number(sentAt);
  if (age > toleranceSeconds * perSecond) return "message timestamp too old";
  if (age < -toleranceSeconds * perSecond) return "message timestamp too new";
  return undefined;
}
