import type { ApiCall } from "../iam/requirement.ts";
import { type ApiRequest, jsonBody } from "./call.ts";

/** Operations by method and path; a part in braces is a parameter. */
const routes: Readonly<Record<string, string>> = {
  SendEmail: "POST /v2/email/outbound-emails",
  SendBulkEmail: "POST /v2/email/outbound-bulk-emails",
  GetAccount: "GET /v2/email/account",
  PutAccountDetails: "POST /v2/email/account/details",
  GetConfigurationSet: "GET /v2/email/configuration-sets/{ConfigurationSetName}",
  GetEmailIdentity: "GET /v2/email/identities/{EmailIdentity}",
  PutSuppressedDestination: "PUT /v2/email/suppression/addresses",
  GetSuppressedDestination: "GET /v2/email/suppression/addresses/{EmailAddress}",
  DeleteSuppressedDestination: "DELETE /v2/email/suppression/addresses/{EmailAddress}",
};

const patterns = Object.entries(routes).map(([operation, route]) => ({
  operation,
  pattern: new RegExp(`^${route.replace(/\{(\w+)\}/, "(?<$1>[^/]+)")}$`),
}));

/** The operation that a request asks for; one that is not known goes by its method and path. */
export function describeSes(request: ApiRequest): ApiCall {
  const line = `${request.method} ${request.path}`;
  for (const { operation, pattern } of patterns) {
    const found = pattern.exec(line);
    if (!found) continue;
    const inPath = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
    return { operation, parameters: { ...jsonBody(request), ...Object.fromEntries(inPath) } };
  }
  return { operation: line, parameters: jsonBody(request) };
}
