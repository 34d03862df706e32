import { escape as escapeXml } from "es-toolkit";
import type { ServiceName } from "./actions.ts";
import type { Denial } from "./decide.ts";
import type { Principal } from "./principal.ts";
import type { Requirement } from "./requirement.ts";

export interface Refusal {
  readonly service: ServiceName;
  readonly principal: Principal;
  readonly requirement: Requirement;
  readonly decision: Denial;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** AWS's words, which differ a little from service to service. */
export function denialMessage({ service, principal, requirement, decision }: Refusal): string {
  const who = principal.type === "role" ? principal.sessionArn : principal.service;
  const action = spelling(service, requirement.action);
  if (service === "ses") {
    return `User \`${who}' is not authorized to perform \`${action}' on resource \`${requirement.resource}'`;
  }
  const resource = service === "s3" ? `"${requirement.resource}"` : requirement.resource;
  return `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${because(principal, action, decision)}`;
}

function spelling(service: ServiceName, action: string): string {
  if (service === "sqs") return action.toLowerCase();
  return service === "sns" ? action.replace(/^sns:/, "SNS:") : action;
}

function because(principal: Principal, action: string, decision: Denial): string {
  if (decision.reason === "explicitDeny") {
    const { kind } = decision.statement.policy;
    return `with an explicit deny in ${kind === "identity" ? "an identity-based" : "a resource-based"} policy`;
  }
  if (decision.boundary) return `because no permissions boundary allows the ${action} action`;
  return `because no ${principal.type === "role" ? "identity" : "resource"}-based policy allows the ${action} action`;
}

/** The service's own answer to a call that is not allowed. A HEAD request's answer has no body. */
export function accessDenied(refusal: Refusal, requestId: string, method = "POST"): HttpAnswer {
  const message = denialMessage(refusal);
  const answer = (status: number, headers: Record<string, string>, body: string): HttpAnswer => ({
    status,
    headers: { "x-amzn-RequestId": requestId, ...headers },
    body: method === "HEAD" ? "" : body,
  });
  switch (refusal.service) {
    case "s3": {
      const error = `<Error><Code>AccessDenied</Code><Message>${escapeXml(message)}</Message><RequestId>${requestId}</RequestId></Error>`;
      const headers = { "content-type": "application/xml", "x-amz-request-id": requestId };
      return answer(403, headers, `<?xml version="1.0" encoding="UTF-8"?>\n${error}`);
    }
    case "sns": {
      const error = `<Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>${escapeXml(message)}</Message></Error>`;
      const body = `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
      return answer(403, { "content-type": "text/xml" }, body);
    }
    case "sqs": {
      // The SDKs take the error's name from the header, as from the query protocol of old.
      const headers = { "content-type": "application/x-amz-json-1.0", "x-amzn-query-error": "AccessDenied;Sender" };
      return answer(403, headers, typed("com.amazon.coral.service#AccessDeniedException", message));
    }
    case "dynamodb": {
      const headers = { "content-type": "application/x-amz-json-1.0" };
      return answer(400, headers, typed("com.amazon.coral.service#AccessDeniedException", message));
    }
    case "ssm":
    case "logs":
      return answer(400, { "content-type": "application/x-amz-json-1.1" }, typed("AccessDeniedException", message));
    case "ses":
      return restJson(answer, JSON.stringify({ message }));
    case "lambda":
    case "xray":
      return restJson(answer, JSON.stringify({ Message: message }));
  }
}

function restJson(answer: (status: number, headers: Record<string, string>, body: string) => HttpAnswer, body: string) {
  return answer(403, { "content-type": "application/json", "x-amzn-ErrorType": "AccessDeniedException" }, body);
}

function typed(type: string, message: string): string {
  return JSON.stringify({ __type: type, Message: message });
}
