import type { Caller } from "../aws/call.ts";
import { textField } from "../stack/fields.ts";
import type { Resource } from "../stack/stack-file.ts";

/** A function as a caller: it signs with its role's credentials, and AWS names the session after the function. */
export const functionCaller = (resource: Resource): Extract<Caller, { kind: "role" }> => ({
  kind: "role",
  name: textField(resource, "function_name"),
  roleArn: textField(resource, "role"),
  functionArn: textField(resource, "arn"),
});
