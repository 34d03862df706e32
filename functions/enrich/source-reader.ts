import { SSMClient } from "@aws-sdk/client-ssm";
import { withCircuitBreaker } from "../runtime/circuit-breaker.ts";
import { createClient } from "../runtime/clients.ts";
import { createParameterReader } from "../runtime/secrets.ts";
import { createSourceReader, type ReadSource } from "../sources/source-parameters.ts";

/**
 * Opens what reads the parameters of sources. It is in a module of its own, so that a cold start does not load the client.
 * @param prefix of the parameters' names
 */
export function openSourceReader(prefix: string): ReadSource {
  const ssm = withCircuitBreaker("SSM", createClient(SSMClient, { milliseconds: 1000, maxAttempts: 2 }));
  return createSourceReader(prefix, createParameterReader(ssm));
}
