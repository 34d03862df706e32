import { type Backend, jsonHeaders, operator } from "../src/aws/call.ts";
import { startDynamoDb } from "../src/aws/dynamodb.ts";
import { startFauxqs } from "../src/aws/fauxqs.ts";
import type { Gateway } from "../src/aws/gateway.ts";
import { versionedBuckets } from "../src/aws/provision.ts";
import { s3Backend } from "../src/aws/s3.ts";
import { startSes } from "../src/aws/ses.ts";
import { sesSettings } from "../src/aws/ses-settings.ts";
import { snsBackend } from "../src/aws/sns.ts";
import { sqsBackend } from "../src/aws/sqs.ts";
import { ssmBackend } from "../src/aws/ssm.ts";
import { tidy } from "../src/delivery.ts";
import { LocalAwsError } from "../src/errors.ts";
import type { Stack } from "../src/stack/stack-file.ts";
import type { Moto } from "./moto.ts";

/** Services behind a gateway, without event bus and pollers: every step is taken by hand. */
export interface Services {
  /** Puts the backends behind the gateway; queues, buckets and tables are made afterwards. */
  start(stack: Stack, gateway: Gateway, parameters: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** local-aws's own services. */
export function ownServices(): Services {
  const parts: { stop(): Promise<void> }[] = [];
  return {
    start: async (stack, gateway, parameters) => {
      const { place } = stack;
      const [fauxqs, dynamodb, ses] = await Promise.all([
        startFauxqs(place.region),
        startDynamoDb(),
        startSes(place, sesSettings(stack)),
      ]);
      parts.push(fauxqs, dynamodb, ses);
      const backends = [
        s3Backend(fauxqs, versionedBuckets(stack), () => {}),
        sqsBackend(fauxqs, place, tidy),
        snsBackend(fauxqs, place),
        dynamodb,
        ses,
        ssmBackend(parameters, stack),
      ];
      for (const backend of backends) gateway.add(backend);
    },
    stop: async () => {
      for (const part of parts) await part.stop();
    },
  };
}

/** Reads requests as local-aws's own services do, and lets moto answer them. */
export function motoServices(moto: Moto): Services {
  const own = ownServices();
  return {
    start: async (stack, gateway, parameters) => {
      const readers = new Map<string, Backend>();
      const collecting = { add: (backend: Backend) => void readers.set(backend.service, backend) };
      await own.start(stack, collecting as Gateway, parameters);
      for (const reader of readers.values()) {
        gateway.add({ ...reader, handle: (request) => moto.answer(reader.service, request) });
      }
      const post = async (service: "ssm" | "ses", path: string, target: string, input: object) => {
        const headers = { ...jsonHeaders, ...(target && { "x-amz-target": target }) };
        const body = Buffer.from(JSON.stringify(input));
        const request = { method: "POST", path, query: new URLSearchParams(), headers, body };
        const answer = await gateway.call(operator, service, request);
        if (answer.status >= 300) throw new LocalAwsError("Moto", `moto refused ${target || path}: ${answer.body}`);
      };
      for (const [Name, Value] of Object.entries(parameters)) {
        await post("ssm", "/", "AmazonSSM.PutParameter", { Name, Value, Type: "SecureString" });
      }
      for (const EmailIdentity of sesSettings(stack).identities) {
        await post("ses", "/v2/email/identities", "", { EmailIdentity });
      }
    },
    stop: () => own.stop(),
  };
}
