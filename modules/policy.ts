/** One statement of a policy. Actions and resources are always lists, so that a diff shows single entries. */
export interface Statement {
  readonly sid: string;
  /** @default Allow */
  readonly effect?: "Allow" | "Deny";
  /** Absent in the policy of a role. */
  readonly principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly actions: readonly string[];
  /** Absent in the trust policy of a role. */
  readonly resources?: readonly string[];
  /** In place of `resources`: all but these. */
  readonly notResources?: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Returns a policy document as literal JSON, so that a plan shows which statement changes. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ sid, effect = "Allow", principal, actions, resources, notResources, condition }) => ({
      Sid: sid,
      Effect: effect,
      ...(principal && { Principal: principal }),
      Action: actions,
      ...(resources && { Resource: resources }),
      ...(notResources && { NotResource: notResources }),
      ...(condition && { Condition: condition }),
    })),
  });
}

/** Returns the trust policy of a role that one AWS service may assume. */
export const trustPolicy = (service: string): string =>
  policyDocument([{ sid: "Assume", principal: { Service: service }, actions: ["sts:AssumeRole"] }]);

/** Allows actions on resources, in the policy of a role. */
export const allow = (sid: string, actions: readonly string[], resources: readonly string[]): Statement => ({
  sid,
  actions,
  resources,
});

/** Denies an action without TLS to everybody, the account's administrators included. */
export const denyWithoutTls = (action: string, ...resources: string[]): Statement => ({
  sid: "DenyWithoutTls",
  effect: "Deny",
  principal: "*",
  actions: [action],
  resources,
  condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** Allows EventBridge to send to a queue for these rules and for no others. */
export const allowEventRule = (sid: string, queueArn: string, ruleArns: readonly string[]): Statement => ({
  sid,
  principal: { Service: "events.amazonaws.com" },
  actions: ["sqs:SendMessage"],
  resources: [queueArn],
  condition: { ArnEquals: { "aws:SourceArn": ruleArns } },
});
