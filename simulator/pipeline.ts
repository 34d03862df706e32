import { uniq } from "es-toolkit/array";
import { dev } from "../environments/dev.ts";
import { channelSettings, type Environment, environmentTuning, routingOf } from "../environments/environment.ts";
import { settingDefaults } from "../environments/schema/environment.ts";
import { byStage, type StageName, type WorkerName, workerNames, workerOf } from "../flow.ts";
import type { Routing } from "../functions/lead/routing.ts";
import { webhookVariable } from "../functions/notify/channels/declaration.ts";
import type { WebhookSettings } from "../functions/notify/channels/webhook.ts";
import { Variable } from "../functions/runtime/names.ts";
import { sourceFormats } from "../functions/sources/index.ts";
import { filledSettings, settingsText } from "../functions/sources/settings.ts";
import type { FunctionTuning } from "../modules/tuning/knobs.ts";
import { Doubts } from "./doubts.ts";
import type { ReceivedCall } from "./environment.ts";
import { type Fate, ServiceError, type ServiceName } from "./faults.ts";
import { LambdaFunction, mapQueue } from "./lambda.ts";
import { pollQueue } from "./load/poller.ts";
import { type Pace, scaledMilliseconds } from "./load/times.ts";
import { leadDays, type Plan, tokensIn } from "./plan.ts";
import type { Programs } from "./program.ts";
import { createDynamoDb } from "./services/dynamodb.ts";
import { hubspot, limited, refused, serveContact, unavailable } from "./services/hubspot.ts";
import {
  accessRefused,
  certainRefusals,
  createSes,
  createSlack,
  type Shown,
  textOf,
  uncertainAnswers,
} from "./services/messages.ts";
import { Bucket, objectCreated, type Version } from "./services/s3.ts";
import { createSqs, Queue } from "./services/sqs.ts";
import { createSsm } from "./services/ssm.ts";
import type { Json, World } from "./world.ts";

/** The source's name, and its secret. */
export const source = {
  name: "crm",
  format: "standard-webhooks",
  secret: `whsec_${Buffer.alloc(24, "simulated").toString("base64")}`,
} as const;

const sourceParameters = "/leadwire/simulated/sources";
/** The default Slack channel after a deployment changed it. */
const newDefaultChannel = "sales-new";

/** What breaks the pipeline on purpose, to show that the audit finds it. */
export interface Sabotage {
  /** Decides what becomes of a call; undefined leaves it to the plan. */
  readonly fate?: (call: ReceivedCall) => Fate | undefined;
  /** Answers a call in place of the service; undefined leaves it to the service. */
  readonly serve?: (call: ReceivedCall, serve: (call: ReceivedCall) => Json) => Json | undefined;
  /** Sees the receipts of a batch before its function gets it. */
  readonly before?: (worker: WorkerName, receipts: readonly string[], queue: Queue) => void;
}

export interface PipelinePorts {
  /** Its settings hold. @default dev */
  readonly environment?: Environment;
  /** @default code takes no time, environments start at once, and batches have any size */
  readonly pace?: Pace;
  readonly world: World;
  readonly plan: Plan;
  readonly programs: Programs;
  readonly sabotage: Sabotage;
  readonly workAfterAnswer: (what: string) => void;
}

/** How fast a function is, and what counts its invocations. */
const paceOf = (name: StageName, { memoryMb, reservedConcurrency }: FunctionTuning, pace: Pace) => ({
  startMilliseconds: pace.times.startMilliseconds[name],
  callMilliseconds: scaledMilliseconds(pace.times.callMilliseconds, memoryMb),
  concurrency: Math.min(pace.concurrency, reservedConcurrency ?? Number.POSITIVE_INFINITY),
  billed: (milliseconds: number) => pace.usage.addInvocation(milliseconds, memoryMb),
});

/** The whole pipeline: services, queues, rules and functions, as the stack connects them. */
export class Pipeline {
  readonly bucket: Bucket;
  /** What people see in Slack and in the mailbox. */
  readonly shown: Shown[] = [];
  /** Names of the requests that were answered 503. */
  readonly unavailable = new Set<string>();
  /** What the functions cannot know. */
  readonly doubts = new Doubts();
  readonly queues: Readonly<Record<WorkerName, { readonly queue: Queue; readonly deadLetters: Queue }>>;
  /** Does what a call asks for, at once. @throws ServiceError */
  readonly serve: (call: ReceivedCall) => Json;
  readonly #ports: PipelinePorts;
  readonly #environment: Environment;
  readonly #functions: Readonly<Record<StageName, LambdaFunction>>;

  constructor(ports: PipelinePorts) {
    const { world, sabotage, environment = dev, pace } = ports;
    this.#ports = ports;
    this.#environment = environment;
    const tuning = environmentTuning(environment);
    this.bucket = new Bucket(world);
    this.bucket.onCreated((version) => this.#deliver(version));
    const queuesOf = (name: WorkerName) => {
      const deadLetters = new Queue(world);
      const { visibilityTimeoutSeconds: visibilitySeconds, maxReceiveCount: maxReceives } = tuning[name];
      return { deadLetters, queue: new Queue(world, { visibilitySeconds, maxReceives, deadLetters }) };
    };
    this.queues = { enrich: queuesOf("enrich"), notify: queuesOf("notify") };
    const services = this.#services();
    this.serve = (call) => services[call.service](call);
    const functionOf = (name: StageName) =>
      new LambdaFunction({
        ...ports,
        ...(pace && paceOf(name, tuning[name], pace)),
        program: ports.programs[name],
        variables: this.#variablesOf(name),
        timeoutSeconds: tuning[name].timeoutSeconds,
        serve: (call) => sabotage.serve?.(call, this.serve) ?? this.serve(call),
        fate: sabotage.fate,
        called: ({ name: environment }, call, fate) => {
          if (pace) pace.usage.add(call);
          else this.doubts.add(environment, call, fate, textOf(call));
        },
        died: ({ name: environment }) => this.doubts.addClaims(environment),
        failure: (service, fate) => this.failure(service, fate),
        kills: (call) => this.#kills(call),
      });
    this.#functions = byStage(functionOf, functionOf);
    for (const name of workerNames) {
      const { queue } = this.queues[name];
      const before = (receipts: readonly string[]) => sabotage.before?.(name, receipts, queue);
      if (pace) pollQueue(queue, this.#functions[name], tuning[name], world, pace);
      else mapQueue(queue, this.#functions[name], { ...tuning[name], before }, world);
    }
  }

  /**
   * Sends a request to ingest. Without a free invocation the API answers 503, and the source sends it again when there is one.
   * @param answered gets ingest's answer, or undefined
   */
  ingest(name: string, request: Json, answered: (answer: unknown) => void): void {
    const { ingest } = this.#functions;
    if (ingest.isFull) this.unavailable.add(name);
    ingest.invoke(request, answered);
  }

  /** Replaces idle environments. New ones get the variables that hold now. */
  deploy(): void {
    for (const fn of Object.values(this.#functions)) fn.deploy();
  }

  /** Sends the event of a version, as EventBridge or an operator's replay does. */
  sendEvent(version: Version): void {
    const worker = workerOf(version.key);
    if (!worker) return;
    const { deliveryDelaySeconds } = environmentTuning(this.#environment)[worker];
    this.queues[worker].queue.send(objectCreated(version), {}, deliveryDelaySeconds);
    this.#ports.pace?.usage.addCalls("sqs:SendMessage", 1);
  }

  #deliver(version: Version): void {
    const { world, plan } = this.#ports;
    const { until, workers } = plan.silent ?? { until: 0, workers: [] };
    if (world.elapsed < until && workers.some((worker) => worker === workerOf(version.key))) return;
    const times = world.faults.accident() ? 2 : 1;
    for (let count = 0; count < times; count += 1) {
      world.clock.after(world.random.between(5, plan.eventDelay), () => this.sendEvent(version));
    }
  }

  #services(): Readonly<Record<ServiceName, (call: ReceivedCall) => Json>> {
    const { world } = this.#ports;
    const queues = Object.entries(this.queues).flatMap(([name, { queue, deadLetters }]) => [
      [name, queue] as const,
      [`${name}-dlq`, deadLetters] as const,
    ]);
    const show = (message: Shown) => this.shown.push(message);
    const values: Readonly<Record<string, string>> = {
      [`${sourceParameters}/${source.name}/settings`]: settingsText(filledSettings(sourceFormats[source.format], {})),
      [`${sourceParameters}/${source.name}/signing-secret`]: source.secret,
      [`${sourceParameters}/${hubspot.name}/settings`]: settingsText(filledSettings(sourceFormats[hubspot.format], {})),
      [`${sourceParameters}/${hubspot.name}/client-secret`]: hubspot.secret,
      [`${sourceParameters}/${hubspot.name}/access-token`]: hubspot.token,
    };
    const valueOfParameter = (name: string) => values[name] ?? `https://slack.invalid/${name}`;
    const { secretsHighThroughput = false } = this.#environment;
    return {
      S3: this.bucket.serve,
      SQS: createSqs(Object.fromEntries(queues), world),
      DynamoDB: createDynamoDb(world.clock.now),
      SESv2: createSes(world, show),
      SSM: createSsm(valueOfParameter, secretsHighThroughput, world.clock.now),
      Slack: createSlack(world, show),
      HubSpot: serveContact,
    };
  }

  /** What a service answers to a call that fails, is throttled or is denied. */
  failure(service: ServiceName, fate: Fate): Json | ServiceError {
    const { random } = this.#ports.world;
    if (service === "HubSpot") {
      return { ...(fate === "denied" ? refused : fate === "throttled" ? limited : unavailable) };
    }
    if (fate === "denied") {
      return service === "Slack" ? { ...accessRefused } : new ServiceError("AccessDeniedException", 403);
    }
    if (service === "Slack") return { ...random.oneOf(fate === "throttled" ? certainRefusals : uncertainAnswers) };
    if (fate !== "throttled") return new ServiceError("InternalServerError", 500);
    return service === "S3" ? new ServiceError("SlowDown", 503) : new ServiceError("ThrottlingException");
  }

  /** Whether a call reads the lead that ends its function. */
  #kills({ stage, operation, input: { Key, VersionId } }: ReceivedCall): boolean {
    const { killer } = this.#ports.plan;
    if (killer?.stage !== stage || operation !== "GetObject") return false;
    return tokensIn(this.bucket.find(Key, VersionId)?.text ?? "").includes(killer.token);
  }

  /** What the stack puts into a function's environment. */
  #variablesOf(name: StageName): Readonly<Record<string, string>> {
    const { world, plan } = this.#ports;
    const environment = this.#environment;
    const { giveUpAfterHours, gatherMilliseconds } = { ...settingDefaults, ...environment };
    const { routes, defaultChannel } = routingOf(environment);
    const channels = uniq([defaultChannel, newDefaultChannel, ...routes.map(({ channel }) => channel)]);
    return {
      [Variable.environment]: "simulated",
      [Variable.bucket]: "leads",
      [Variable.sources]: JSON.stringify({ [source.name]: source.format, [hubspot.name]: hubspot.format }),
      [Variable.sourceParameters]: sourceParameters,
      [Variable.defaultCountry]: "US",
      [Variable.queueUrl]: name,
      [Variable.deadLetterQueueUrl]: `${name}-dlq`,
      [Variable.giveUpAfterHours]: String(plan.giveUpAfterHours ?? giveUpAfterHours),
      [Variable.gatherMilliseconds]: String(gatherMilliseconds),
      [Variable.ledgerTable]: "ledger",
      [Variable.leadRetentionDays]: String(leadDays),
      [Variable.samePersonDays]: String(settingDefaults.samePersonDays),
      [Variable.samePerson]: settingDefaults.samePerson,
      [Variable.emailSender]: "leadwire@example.com",
      [Variable.emailRecipients]: JSON.stringify(["sales@example.com"]),
      [Variable.emailConfigurationSet]: "leadwire",
      get [webhookVariable("slack")]() {
        const isNew = world.elapsed >= (plan.newRouteAt ?? Number.POSITIVE_INFINITY);
        return JSON.stringify({
          routes,
          defaultChannel: isNew ? newDefaultChannel : defaultChannel,
          patienceSeconds: channelSettings(environment).slack.patienceSeconds,
          webhookParameters: Object.fromEntries(channels.map((channel) => [channel, channel])),
        } satisfies Routing & WebhookSettings);
      },
    };
  }
}
