import { LocalAwsError } from "../errors.ts";

/** A policy document that IAM would refuse, or that holds something whose meaning is not known here. */
export class PolicyError extends LocalAwsError {
  /** Where in the document, for example `aws_iam_role_policy.worker.Statement[0].Condition`. */
  readonly place: string;

  constructor(place: string, problem: string) {
    super("MalformedPolicyDocument", `${place}: ${problem}.`);
    this.place = place;
  }
}

export function readDocument(document: unknown, place: string): unknown {
  if (typeof document !== "string") return document;
  try {
    return JSON.parse(document);
  } catch (error) {
    throw new PolicyError(place, `not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

export function entriesOf(value: unknown, place: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PolicyError(place, "must be an object");
  }
  return Object.entries(value);
}

export function textsOf(value: unknown, place: string): readonly string[] {
  const texts = Array.isArray(value) ? value : [value];
  if (texts.length === 0) throw new PolicyError(place, "the list is empty");
  return texts.map((text, index) => {
    if (typeof text !== "string") throw new PolicyError(`${place}[${index}]`, "must be text");
    return text;
  });
}
