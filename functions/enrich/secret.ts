import { SSMClient } from "@aws-sdk/client-ssm";
import { withCircuitBreaker } from "../runtime/circuit-breaker.ts";
import { createClient } from "../runtime/clients.ts";
import { createSecretReader } from "../runtime/secrets.ts";

const ssm = withCircuitBreaker("SSM", createClient(SSMClient, { milliseconds: 1000, maxAttempts: 2 }));

/** Reads secrets for fetching. It is in a module of its own, so that only leads that are fetched load the client. */
export const secret = createSecretReader(ssm);
