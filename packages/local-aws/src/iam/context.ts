import type { Principal } from "./principal.ts";

type ContextValue = string | number | boolean | readonly string[];

/** What a request says about itself, by condition key. A list stands for a multivalued key, even when it holds one. */
export type RequestContext = Readonly<Record<string, ContextValue>>;

/** A key's values, or undefined when the request does not carry the key. */
export type ContextReader = (key: string) => readonly string[] | undefined;

/** Condition keys are not case-sensitive: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html */
export function contextReader(context: RequestContext): ContextReader {
  const byKey = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat().map(String)]));
  return (key) => {
    const values = byKey.get(key.toLowerCase());
    return values?.length ? values : undefined;
  };
}

export interface RequestOrigin {
  readonly principal: Principal;
  readonly accountId: string;
  readonly region: string;
  readonly now: Date;
  /** The rule, alarm or API on whose behalf a service calls. */
  readonly sourceArn?: string;
  /** The function whose code calls. */
  readonly functionArn?: string;
}

/** The global condition keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
export function standardContext(origin: RequestOrigin): RequestContext {
  return {
    // Loopback stands for the HTTPS endpoint that the same client would use in the account.
    "aws:SecureTransport": true,
    "aws:RequestedRegion": origin.region,
    "aws:ResourceAccount": origin.accountId,
    "aws:CurrentTime": origin.now.toISOString(),
    "aws:EpochTime": Math.floor(origin.now.getTime() / 1000),
    "aws:ViaAWSService": false,
    ...principalContext(origin),
  };
}

function principalContext({ principal, accountId, sourceArn, functionArn }: RequestOrigin): RequestContext {
  if (principal.type === "service") {
    return {
      "aws:PrincipalIsAWSService": true,
      "aws:PrincipalServiceName": principal.service,
      "aws:SourceAccount": accountId,
      // SNS's default topic policy still goes by this older key.
      "aws:SourceOwner": accountId,
      ...(sourceArn === undefined ? {} : { "aws:SourceArn": sourceArn }),
    };
  }
  return {
    "aws:PrincipalIsAWSService": false,
    "aws:PrincipalType": "AssumedRole",
    "aws:PrincipalArn": principal.roleArn,
    "aws:PrincipalAccount": principal.accountId,
    ...(functionArn === undefined ? {} : { "lambda:SourceFunctionArn": functionArn }),
  };
}
