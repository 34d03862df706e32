import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authorize, operator } from "../packages/local-aws/src/aws/call.ts";
import { startDynamoDb } from "../packages/local-aws/src/aws/dynamodb.ts";
import { type QueueContents, startFauxqs } from "../packages/local-aws/src/aws/fauxqs.ts";
import { Gateway, type Intercept } from "../packages/local-aws/src/aws/gateway.ts";
import {
  deadLetterQueues,
  eventfulBuckets,
  imitatedTypes,
  provision,
} from "../packages/local-aws/src/aws/provision.ts";
import { s3Backend } from "../packages/local-aws/src/aws/s3.ts";
import { type LocalSes, startSes } from "../packages/local-aws/src/aws/ses.ts";
import { sesSettings } from "../packages/local-aws/src/aws/ses-settings.ts";
import { snsBackend } from "../packages/local-aws/src/aws/sns.ts";
import { sqsBackend } from "../packages/local-aws/src/aws/sqs.ts";
import { ssmBackend } from "../packages/local-aws/src/aws/ssm.ts";
import { DeadLetters } from "../packages/local-aws/src/dead-letters.ts";
import { type Delivery, tidy } from "../packages/local-aws/src/delivery.ts";
import { EventBus } from "../packages/local-aws/src/events/event-bus.ts";
import { objectCreated } from "../packages/local-aws/src/events/object-created.ts";
import { Forgetting } from "../packages/local-aws/src/forgetting.ts";
import { apiSettings } from "../packages/local-aws/src/http/api-settings.ts";
import { HttpApi } from "../packages/local-aws/src/http/http-api.ts";
import type { DenialLog } from "../packages/local-aws/src/iam/denials.ts";
import { Permissions } from "../packages/local-aws/src/iam/permissions.ts";
import type { LambdaFunction } from "../packages/local-aws/src/lambda/lambda-function.ts";
import { Logs } from "../packages/local-aws/src/lambda/logs.ts";
import { checkRoles } from "../packages/local-aws/src/lambda/roles.ts";
import { startFunctions, startPollers } from "../packages/local-aws/src/lambda/start.ts";
import { forgetAwsSettings, guardNetwork } from "../packages/local-aws/src/loopback.ts";
import type { Monitoring } from "../packages/local-aws/src/monitoring/monitoring.ts";
import { startMonitoring } from "../packages/local-aws/src/monitoring/start.ts";
import { readStack, type Stack } from "../packages/local-aws/src/stack/stack-file.ts";
import { Desk } from "./desk.ts";
import type { SlackMode } from "./options.ts";
import { Pager } from "./pager.ts";
import { makeSecrets } from "./secrets.ts";
import { Crm } from "./senders/standard-webhooks.ts";
import { Slack } from "./slack/slack.ts";

export interface PlatformOptions {
  /** Folder with cdk.tf.json and its assets. */
  readonly stackDir: string;
  /** @default 1 */
  readonly seed?: number;
  /** @default up */
  readonly slack?: SlackMode;
  /** Decides every call to AWS in place of the stack's policies, which it is given. */
  readonly authorize?: (byPolicies: Authorize) => Authorize;
  /** Sees every call that is allowed, and may answer it itself. */
  readonly intercept?: Intercept;
  /** File for the functions' log lines. @default one that goes when the platform stops */
  readonly logPath?: string;
  /** How events and messages are delivered. @default each once, in order */
  readonly delivery?: Delivery;
  /** For runs of hours: seconds after which objects, items, messages and mails are gone. @default they stay */
  readonly forgetAfterSeconds?: number;
}

/** A running pipeline. */
export interface Platform {
  readonly stack: Stack;
  /** Where sources post to. */
  readonly endpoint: string;
  readonly mailboxUrl: string;
  readonly ses: Pick<LocalSes, "faultyMailboxes">;
  readonly bucket: string;
  readonly gateway: Gateway;
  readonly api: HttpApi;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly logs: Logs;
  readonly events: EventBus;
  readonly deadLetters: DeadLetters;
  readonly slack: Slack;
  readonly crm: Crm;
  readonly desk: Desk;
  readonly pager: Pager;
  readonly monitoring: Monitoring;
  /** What the stack's policies did not allow. */
  readonly denials: DenialLog;
  /** Types of the stack that do nothing here. */
  readonly notImitated: readonly string[];
  inspectQueue(name: string): Promise<QueueContents>;
  stop(): Promise<void>;
}

/** Key id of the operator's credentials, with which tests and tools may use an AWS SDK. */
export const operatorAccessKeyId = "AKIAOPERATOR00000000";

/** Builds the pipeline of a synthesized stack in this process. Whatever it starts, `stop` ends. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  guardNetwork();
  forgetAwsSettings();
  // Small objects would each keep 8 KB of Node's shared pool from being freed.
  Buffer.poolSize = 0;
  const cleanups: (() => unknown)[] = [];
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    return { ...(await build(options, cleanups)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(options: PlatformOptions, cleanups: (() => unknown)[]): Promise<Omit<Platform, "stop">> {
  const { stackDir, seed = 1, slack: slackMode = "up", authorize = (own) => own, intercept, logPath } = options;
  const { delivery = tidy } = options;
  const begun = <T extends { stop(): unknown }>(part: T): T => {
    cleanups.push(() => part.stop());
    return part;
  };
  const workFolder = mkdtempSync(join(tmpdir(), "leadwire-"));
  cleanups.push(() => rmSync(workFolder, { recursive: true, force: true }));

  let decide: Authorize = () => undefined;
  const gateway = begun(new Gateway({ authorize: (call) => decide(call), ...(intercept && { intercept }) }));
  const api = begun(new HttpApi());
  const slack = begun(new Slack(slackMode));
  const pager = begun(new Pager());
  await Promise.all([gateway.start(), api.start(), slack.start(), pager.start()]);
  gateway.admit(operatorAccessKeyId, operator);

  const stack = readStack(stackDir, { gatewayUrl: gateway.url, apiUrl: api.url, parameterValue: pager.url });
  const { place } = stack;
  const permissions = new Permissions(stack);
  checkRoles(stack, permissions);
  decide = authorize(permissions.authorize);
  const secrets = makeSecrets(stack, seed, (channel) => slack.webhookUrl(channel));

  const [fauxqs, dynamodb, ses] = await Promise.all([
    startFauxqs(place.region),
    startDynamoDb(),
    startSes(place, sesSettings(stack)),
  ]);
  for (const part of [fauxqs, dynamodb, ses]) begun(part);
  const events = begun(new EventBus(stack, gateway, delivery));
  const eventful = eventfulBuckets(stack);
  gateway.add(
    s3Backend(fauxqs, (object) => {
      if (eventful.has(object.bucket)) events.publish(objectCreated(object, place));
    }),
  );
  for (const backend of [sqsBackend(fauxqs, place, delivery), snsBackend(fauxqs, place), dynamodb, ses])
    gateway.add(backend);
  gateway.add(ssmBackend(secrets.parameters, place));
  await provision(stack, gateway);
  const deadLetters = new DeadLetters(deadLetterQueues(stack), fauxqs, gateway);

  const logs = new Logs(logPath ?? join(workFolder, "functions.log"));
  cleanups.push(() => logs.close());
  const functions = startFunctions(stack, { gateway, authorize: decide, logs, workFolder });
  for (const running of functions.values()) begun(running);
  for (const poller of startPollers(stack, functions, gateway)) begun(poller);
  const settings = apiSettings(stack);
  api.serve(settings, functions, decide);

  const endpoint = String(stack.output("endpoint")).replace(/\/$/, "");
  const bucket = String(stack.output("leads_bucket"));
  const crm = begun(new Crm({ endpoint, secrets: secrets.signing, seed }));
  const desk = begun(new Desk(crm, gateway, bucket));
  await desk.start();
  const { mailboxUrl } = ses;
  const monitoring = begun(
    await startMonitoring(stack, {
      fauxqs,
      functions: functions.values(),
      logs,
      api,
      apiSettings: settings,
      authorize: decide,
      ses,
    }),
  );
  if (options.forgetAfterSeconds !== undefined) {
    const forgettable = {
      stack,
      gateway,
      stores: fauxqs.stores,
      dated: [slack.messages, pager.pages],
      forgetMails: ses.forget,
    };
    begun(new Forgetting(forgettable, options.forgetAfterSeconds));
  }
  const notImitated = stack.types.filter((type) => !imitatedTypes.has(type));
  return {
    stack,
    endpoint,
    mailboxUrl,
    ses,
    bucket,
    gateway,
    api,
    functions,
    logs,
    events,
    deadLetters,
    slack,
    crm,
    desk,
    pager,
    monitoring,
    denials: permissions.denials,
    notImitated,
    inspectQueue: async (name) => fauxqs.inspect(name),
  };
}
