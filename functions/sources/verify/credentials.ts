import { isPlainObject } from "es-toolkit/predicate";
import { parsedBody } from "../../lead/raw-lead.ts";
import { type DoorContext, type SourceRequest, UnprovenRequestError } from "../door.ts";
import { isOneOf } from "./same-text.ts";

type Secrets = Pick<DoorContext, "secrets">;

/** Where a request holds its token. */
export interface TokenRule {
  /** The header's name in lower case, such as `authorization`. */
  readonly header: string;
  /**
   * The word before the token, such as `Bearer`, in any case.
   * @default the header is the token
   */
  readonly scheme?: string;
}

/**
 * Checks a token in a header. It does not cover the body, and a request can be replayed at any time.
 * @throws UnprovenRequestError BadCredentials
 */
export function verifyToken({ header, scheme }: TokenRule, { headers }: SourceRequest, { secrets }: Secrets): void {
  const text = headers[header] ?? "";
  const [, word = "", rest = ""] = /^(\S+) +(\S+)$/.exec(text) ?? [];
  const token = scheme === undefined ? text : word.toLowerCase() === scheme.toLowerCase() ? rest : "";
  requireOneOf(token, secrets, `the header ${header}`);
}

/**
 * Checks HTTP Basic authentication (RFC 7617). A secret is `user:password`.
 * @throws UnprovenRequestError BadCredentials
 */
export function verifyBasic({ headers }: SourceRequest, { secrets }: Secrets): void {
  const [, encoded = ""] = /^basic +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  const valid = secrets.map((secret) => Buffer.from(secret).toString("base64"));
  requireOneOf(encoded, valid, "the header authorization");
}

/**
 * Checks a key that is a field of the body's JSON object.
 * @throws UnprovenRequestError BadCredentials
 * @throws RejectedError when the body is too large or no JSON
 */
export function verifyKeyInBody(field: string, { body }: SourceRequest, { secrets }: Secrets): void {
  const content = parsedBody(body);
  const given = isPlainObject(content) && Object.hasOwn(content, field) ? content[field] : undefined;
  requireOneOf(typeof given === "string" ? given : "", secrets, `the field ${field}`);
}

function requireOneOf(given: string, valid: readonly string[], place: string): void {
  if (isOneOf(given, valid)) return;
  throw new UnprovenRequestError("BadCredentials", `The request's credentials in ${place} were refused.`);
}
