import { textField } from "../stack/fields.ts";
import type { Stack } from "../stack/stack-file.ts";

/** What SES knows of the account. */
export interface SesSettings {
  /** Addresses and domains whose identities the stack holds; all count as verified. */
  readonly identities: readonly string[];
  /** Whether recipients must be verified as well; a domain's identity stands for an account that has left the sandbox. */
  readonly sandbox: boolean;
}

export function sesSettings(stack: Stack): SesSettings {
  const identities = stack.of("aws_sesv2_email_identity").map((identity) => textField(identity, "email_identity"));
  return { identities, sandbox: identities.every((identity) => identity.includes("@")) };
}
