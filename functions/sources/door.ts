import { LeadwireError } from "../../errors.ts";

/** A request as it came from a source. */
export interface SourceRequest {
  /** In capitals. */
  readonly method: string;
  /** With its leading slash, without the query. */
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The bytes that were sent: signatures cover them. */
  readonly body: Buffer;
}

/** What a door knows besides the request. */
export interface DoorContext {
  /** Every value of the format's first secret that is valid now: several while it is rotated. */
  readonly secrets: readonly string[];
  /** The valid values of each of the format's other secrets, by its name. */
  readonly otherSecrets: Readonly<Record<string, readonly string[]>>;
  readonly settings: object;
  readonly now: Date;
}

/** One event of a request: a new lead, or something that is to be ignored. */
export type SourceEvent =
  | {
      readonly kind: "lead";
      /** What makes the lead this one: the same parts always name the same lead of the source. */
      readonly identity: readonly string[];
      /** The lead as it is stored: its own part of the body, byte for byte but for secrets. JSON, at most `maxBodyBytes`. */
      readonly json: string;
      /** The source marks the lead as a test. The environment's `testLeads` says what becomes of it. @default false */
      readonly isTest?: boolean;
    }
  /** `reason` is for logs and names no person. */
  | { readonly kind: "ignored"; readonly reason: string };

/** An answer in a source's own protocol. */
export interface SourceAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Lets the requests of one source format in. */
export interface Door {
  /**
   * Checks that the request comes from the source.
   * @throws UnprovenRequestError
   */
  verify(request: SourceRequest, context: DoorContext): void;
  /**
   * Splits a verified request into its events. The settings can say which of them are new leads.
   * @throws RejectedError when the body cannot be read
   */
  split(request: SourceRequest, context: Pick<DoorContext, "settings">): readonly SourceEvent[];
  /**
   * What the source gets when every event of a request is stored or ignored.
   * @default 202 when a lead is new, else 200, with the keys of the leads as JSON
   */
  readonly answer?: SourceAnswer;
  /**
   * Answers a GET request, by which a source asks whether the endpoint is really ours. The declaration's `answersGet` lets
   * such requests in.
   * @default 405
   * @throws UnprovenRequestError
   */
  challenge?(request: SourceRequest, context: DoorContext): SourceAnswer;
}

/** The request does not prove that its source sent it, or that it was sent just now. */
export class UnprovenRequestError extends LeadwireError<"BadSignature" | "BadCredentials"> {}

/** A secret that its SSM parameter holds in a form that nobody can sign with. */
export class UnusableSecretError extends LeadwireError {
  /** @param problem what is wrong with the secret, without a part of it, in words that complete "The source's secret …" */
  constructor(problem: string) {
    super("UnusableSecret", `The source's secret ${problem}.`);
  }
}
