import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authorize, operator } from "./aws/call.ts";
import { startDynamoDb } from "./aws/dynamodb.ts";
import { type Fauxqs, type QueueContents, startFauxqs } from "./aws/fauxqs.ts";
import { Gateway, type Intercept } from "./aws/gateway.ts";
import { deadLetterQueues, eventfulBuckets, provision, simulatedTypes, versionedBuckets } from "./aws/provision.ts";
import { s3Backend } from "./aws/s3.ts";
import { type LocalSes, type Mail, startSes } from "./aws/ses.ts";
import type { MailboxFault } from "./aws/ses-delivery.ts";
import { sesSettings } from "./aws/ses-settings.ts";
import { snsBackend } from "./aws/sns.ts";
import { sqsBackend } from "./aws/sqs.ts";
import { ssmBackend } from "./aws/ssm.ts";
import { DeadLetters } from "./dead-letters.ts";
import { type Delivery, tidy } from "./delivery.ts";
import { EventBus } from "./events/event-bus.ts";
import { objectCreated } from "./events/object-created.ts";
import { Forgetting } from "./forgetting.ts";
import { type ApiSettings, apiSettings } from "./http/api-settings.ts";
import { HttpApi } from "./http/http-api.ts";
import type { DenialLog } from "./iam/denials.ts";
import { Permissions } from "./iam/permissions.ts";
import type { BoundaryDocument } from "./iam/role-policies.ts";
import type { LambdaFunction } from "./lambda/lambda-function.ts";
import { Logs } from "./lambda/logs.ts";
import { checkRoles } from "./lambda/roles.ts";
import { startFunctions, startPollers } from "./lambda/start.ts";
import { forgetAwsSettings, guardNetwork } from "./loopback.ts";
import type { Monitoring } from "./monitoring/monitoring.ts";
import { startMonitoring } from "./monitoring/start.ts";
import { readStack, type Stack } from "./stack/stack-file.ts";

/** Values of SSM parameters, by name. */
export type ParameterValues = Readonly<Record<string, string>>;

export interface StackOptions {
  /** Folder of a synthesized stack: `cdk.tf.json` and the assets that it names. */
  readonly stackDir: string;
  /**
   * Values of SSM parameters, those that Terraform only names, and others for those that the stack makes: a record, or what
   * makes one of the stack.
   * @default none
   */
  readonly parameters?: ParameterValues | ((stack: Stack) => ParameterValues | Promise<ParameterValues>);
  /** Document of a permissions boundary that the stack only names, by the policy's ARN. @default none is known */
  readonly boundary?: BoundaryDocument;
  /** Hook: decides every call to AWS in place of the stack's policies, which it is given. */
  readonly authorize?: (byPolicies: Authorize) => Authorize;
  /** Hook: sees every call that is allowed before its service does, and may answer it itself. */
  readonly intercept?: Intercept;
  /** Hook: environment variables that a function has in addition to its own, which they replace. @default none */
  readonly variables?: (functionName: string) => Readonly<Record<string, string>>;
  /** Hook: how events and messages are delivered. @default each once, in order */
  readonly delivery?: Delivery;
  /** File for the functions' log lines. @default one that goes when the stack stops */
  readonly logPath?: string;
  /** For runs of hours: seconds after which objects, items and mails are gone. @default they stay */
  readonly forgetAfterSeconds?: number;
  /** Hook: called about once a second with `forgetAfterSeconds`, to forget what is older than a time. */
  readonly onForget?: (before: Date) => void;
}

/** Settings of an AWS SDK client that talks to the running stack. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** For S3, whose buckets are paths here and not host names. */
  readonly forcePathStyle: true;
}

/** A running stack. */
export interface LocalAws {
  /** Its resources and outputs, with all references filled. */
  readonly stack: Stack;
  /** The endpoint of all AWS services; counts the calls, and emits each when it is `answered` or `denied`. */
  readonly gateway: Gateway;
  /** The stack's HTTP API; emits each request when it is `answered`. */
  readonly api: HttpApi;
  /** By name; each emits `invoked`, and can be invoked, ended or started cold. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** The functions' log groups; emits each `line`. */
  readonly logs: Logs;
  /** Emits each message that `arrived` in a dead letter queue. */
  readonly deadLetters: DeadLetters;
  /** Alarms and topics; emits each `transition` of an alarm. */
  readonly monitoring: Monitoring;
  /** What the stack's policies did not allow. */
  readonly denials: DenialLog;
  /** Where mails can be read: in a browser, and as JSON at `/store`. */
  readonly mailboxUrl: string;
  /** The mails of SES and SNS, the oldest first; of all stacks in this process. */
  mails(): readonly Mail[];
  /** Addresses whose mailboxes refuse mails or complain; none at the start. */
  readonly faultyMailboxes: Map<string, MailboxFault>;
  /** Types of the stack's resources that do nothing here. */
  readonly notSimulated: readonly string[];
  /** What a queue holds, without taking anything; empty for a queue that is not there. */
  inspectQueue(name: string): QueueContents;
  /**
   * Sends the event of a rule's schedule now. Resolves when the functions that it invokes have ended.
   * @throws RangeError if no enabled rule of this name has a schedule
   */
  runSchedule(rule: string): Promise<void>;
  /**
   * Settings of an SDK client.
   * @param functionName whose credentials it has. @default the operator's, who may do anything
   */
  clientSettings(functionName?: string): ClientSettings;
  /** Ends everything that the start began. */
  stop(): Promise<void>;
}

const operatorAccessKeyId = "AKIAOPERATOR00000000";

/** What has begun, and how it ends: in reverse order. */
class Begun {
  readonly #ends: (() => unknown)[] = [];

  /** Notes that a part has to be stopped. @returns the part */
  add<T extends { stop(): unknown }>(part: T): T {
    this.onEnd(() => part.stop());
    return part;
  }

  onEnd(end: () => unknown): void {
    this.#ends.push(end);
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }
}

/**
 * Starts the AWS resources of a synthesized stack in this process. While it runs, the process can only reach loopback, and
 * the shell's AWS settings are removed from it.
 * @throws LocalAwsError when the stack cannot run here or AWS would refuse a part of it
 */
export async function startStack(options: StackOptions): Promise<LocalAws> {
  const begun = new Begun();
  begun.onEnd(guardNetwork());
  forgetAwsSettings();
  // Small objects would each keep 8 KB of Node's shared pool from being freed.
  Buffer.poolSize = 0;
  try {
    const parts = await start(options, begun);
    return { ...parts, stop: () => begun.end() };
  } catch (error) {
    await begun.end();
    throw error;
  }
}

async function start(options: StackOptions, begun: Begun): Promise<Omit<LocalAws, "stop">> {
  const base = await readAndGuard(options, begun);
  const { stack, gateway, api, permissions } = base;
  const services = await startServices(base, options, begun);
  const { fauxqs, ses, events } = services;
  const deadLetters = new DeadLetters(deadLetterQueues(stack), fauxqs, gateway);
  const compute = startCompute(base, options, begun);
  const { functions, logs } = compute;
  events.serve(functions, base.authorize);
  const watched = { ...compute, functions: functions.values(), fauxqs, ses, api, events, authorize: base.authorize };
  const monitoring = begun.add(await startMonitoring(stack, watched));
  startForgetting(base, services, options, begun);
  return {
    stack,
    gateway,
    api,
    functions,
    logs,
    deadLetters,
    monitoring,
    denials: permissions.denials,
    mailboxUrl: ses.mailboxUrl,
    mails: ses.mails,
    faultyMailboxes: ses.faultyMailboxes,
    notSimulated: stack.types.filter((type) => !simulatedTypes.has(type)),
    inspectQueue: fauxqs.inspect,
    runSchedule: (rule) => events.runSchedule(rule),
    clientSettings: (functionName) => ({
      endpoint: gateway.url,
      region: stack.place.region,
      credentials: {
        accessKeyId: functionName === undefined ? operatorAccessKeyId : accessKeyOf(functions, functionName),
        secretAccessKey: "made-up",
      },
      forcePathStyle: true,
    }),
  };
}

function accessKeyOf(functions: ReadonlyMap<string, LambdaFunction>, name: string): string {
  const found = functions.get(name);
  if (!found) throw new RangeError(`The stack has no function ${name}; it has ${[...functions.keys()].join(", ")}.`);
  return found.settings.accessKeyId;
}

/** The stack, and what decides who may do what in it. */
interface Base {
  readonly stack: Stack;
  readonly parameters: ParameterValues;
  readonly gateway: Gateway;
  readonly api: HttpApi;
  readonly permissions: Permissions;
  readonly authorize: Authorize;
  /** A temporary folder that goes at the end. */
  readonly workFolder: string;
}

/** Opens the endpoints, whose URLs stand in the stack's references, reads the stack, and checks its roles. */
async function readAndGuard(options: StackOptions, begun: Begun): Promise<Base> {
  const { stackDir, parameters = {}, authorize = (byPolicies) => byPolicies, intercept } = options;
  const workFolder = mkdtempSync(join(tmpdir(), "local-aws-"));
  begun.onEnd(() => rmSync(workFolder, { recursive: true, force: true }));
  let decide: Authorize = () => undefined;
  const gateway = begun.add(new Gateway({ authorize: (call) => decide(call), ...(intercept && { intercept }) }));
  const api = begun.add(new HttpApi());
  await Promise.all([gateway.start(), api.start()]);
  gateway.admit(operatorAccessKeyId, operator);

  let values: ParameterValues = {};
  const parameter = (name: string) => values[name];
  const stack = readStack(stackDir, { gatewayUrl: gateway.url, apiUrl: api.url, parameter });
  values = typeof parameters === "function" ? await parameters(stack) : parameters;
  const permissions = new Permissions(stack, options.boundary);
  checkRoles(stack, permissions);
  decide = authorize(permissions.authorize);
  return { stack, parameters: values, gateway, api, permissions, authorize: decide, workFolder };
}

interface Services {
  readonly fauxqs: Fauxqs;
  readonly ses: LocalSes;
  readonly events: EventBus;
}

/** Starts what functions call, and makes the stack's buckets, queues, topics and tables. */
async function startServices(
  { stack, parameters, gateway }: Base,
  { delivery = tidy }: StackOptions,
  begun: Begun,
): Promise<Services> {
  const { place } = stack;
  const [fauxqs, dynamodb, ses] = await Promise.all([
    startFauxqs(place.region),
    startDynamoDb(),
    startSes(place, sesSettings(stack)),
  ]);
  for (const part of [fauxqs, dynamodb, ses]) begun.add(part);
  const events = begun.add(new EventBus(stack, gateway, delivery));
  const eventful = eventfulBuckets(stack);
  const s3 = s3Backend(fauxqs, versionedBuckets(stack), (object) => {
    if (eventful.has(object.bucket)) events.publish(objectCreated(object, place));
  });
  const sqs = sqsBackend(fauxqs, place, delivery);
  for (const backend of [s3, sqs, snsBackend(fauxqs, place), dynamodb, ses, ssmBackend(parameters, stack)]) {
    gateway.add(backend);
  }
  await provision(stack, gateway);
  return { fauxqs, ses, events };
}

interface Compute {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly logs: Logs;
  readonly apiSettings: ApiSettings | undefined;
}

/** Unpacks the functions, and starts what invokes them: event source mappings and the API. */
function startCompute(base: Base, { logPath, variables = () => ({}) }: StackOptions, begun: Begun): Compute {
  const { stack, gateway, api, authorize, workFolder } = base;
  const logs = new Logs(logPath ?? join(workFolder, "functions.log"));
  begun.onEnd(() => logs.close());
  const functions = startFunctions(stack, { gateway, authorize, logs, variables });
  for (const running of functions.values()) begun.add(running);
  for (const poller of startPollers(stack, functions, gateway)) begun.add(poller);
  const settings = apiSettings(stack);
  if (settings) api.serve(settings, functions, authorize);
  return { functions, logs, apiSettings: settings };
}

function startForgetting(
  { stack, gateway }: Base,
  { fauxqs, ses }: Services,
  { forgetAfterSeconds, onForget }: StackOptions,
  begun: Begun,
): void {
  if (forgetAfterSeconds === undefined) return;
  const forgetBefore = (time: Date) => {
    ses.forget(time);
    onForget?.(time);
  };
  const { stores, versions } = fauxqs;
  begun.add(new Forgetting({ stack, gateway, stores, versions, forgetBefore }, forgetAfterSeconds));
}
