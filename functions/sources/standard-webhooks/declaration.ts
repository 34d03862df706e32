import type { SourceDeclaration } from "../declaration.ts";

/** Standard Webhooks, as Svix and others send them. https://www.standardwebhooks.com */
export const standardWebhooks = {
  settings: {},
  secrets: ["signing-secret"],
  door: () => import("./door.ts"),
  reader: () => import("../general-reader.ts"),
} as const satisfies SourceDeclaration;
