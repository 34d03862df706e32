import type { Email } from "./environment.ts";

/** What SES has to verify before the environment can send: its domain, or in the sandbox every address once. */
export const emailIdentities = (email: Email): readonly string[] =>
  email.mode === "production" ? [email.domain] : [...new Set([email.sender, ...email.recipients])];
