import { SSMClient } from "@aws-sdk/client-ssm";
import { createClient } from "../runtime/clients.ts";
import { createSecretReader } from "../runtime/secrets.ts";

/** Reads secrets for fetching. It is a module of its own, so that only leads that are fetched load the client. */
export const secret = createSecretReader(createClient(SSMClient, { milliseconds: 1000, maxAttempts: 2 }));
