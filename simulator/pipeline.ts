import { dev } from "../environments/dev.ts";
import { channelSettings, environmentTuning } from "../environments/environment.ts";
import { type QueueName, queueNames, type StageName, stages, type WorkerName, workerNames, workerOf } from "../flow.ts";
import type { Routing } from "../functions/lead/routing.ts";
import { webhookVariable } from "../functions/notify/channels/declaration.ts";
import type { WebhookSettings } from "../functions/notify/channels/webhook-channel.ts";
import { Variable } from "../functions/runtime/names.ts";
import type { EnvironmentPorts, ReceivedCall } from "./environment.ts";
import { LambdaFunction, mapQueue } from "./lambda-function.ts";
import { tokensIn } from "./leads.ts";
import type { Plan } from "./plan.ts";
import type { Program } from "./program.ts";
import { createDynamoDb } from "./services/dynamodb.ts";
import { Bucket, createS3, objectCreated, type Version } from "./services/s3.ts";
import { createSes } from "./services/ses.ts";
import { createSlack, type Shown } from "./services/slack.ts";
import { createSqs, Queue } from "./services/sqs.ts";
import type { Json, World } from "./world.ts";

/** The source's name, and its secret. */
export const source = { name: "crm", secret: `whsec_${Buffer.alloc(24, "simulated").toString("base64")}` } as const;

const secretParameter = "/leadwire/simulated/sources/crm/signing-secret";
const slackChannels = ["sales", "sales-new"] as const;
const tuning = environmentTuning(dev);

/** Functions that are broken on purpose, to show that the audit finds it. */
export interface Sabotage {
  /** Answers a call in place of the service; undefined leaves it to the service. */
  readonly serve?: (call: ReceivedCall, serve: (call: ReceivedCall) => unknown) => unknown;
  /** Sees a batch before its function, and the queue that it comes from. */
  readonly beforeInvocation?: (stage: WorkerName, receipts: readonly string[], queue: Queue) => void;
}

/** The whole pipeline: services, queues, rules and functions, as the stack connects them. */
export class Pipeline {
  readonly bucket: Bucket;
  /** What people see in Slack and in the mailbox. */
  readonly shown: Shown[] = [];
  readonly queues: Readonly<Record<QueueName, { readonly queue: Queue; readonly deadLetters: Queue }>>;
  readonly #world: World;
  readonly #plan: Plan;
  readonly #functions: Readonly<Record<StageName, LambdaFunction>>;

  constructor(
    world: World,
    plan: Plan,
    programs: Readonly<Record<StageName, Program>>,
    violation: EnvironmentPorts["violation"],
    sabotage: Sabotage = {},
  ) {
    this.#world = world;
    this.#plan = plan;
    this.bucket = new Bucket(world, (version) => this.#deliver(version));
    this.queues = Object.fromEntries(
      workerNames.map((name) => [stages[name].queue, queuesOf(name, world)]),
    ) as Pipeline["queues"];
    const serve = this.#services();
    const functionOf = (name: StageName) => {
      const variables = variablesOf(name, () => this.#slackChannel);
      const own = (call: ReceivedCall) => sabotage.serve?.(call, serve) ?? serve(call);
      const ports = { world, variables, serve: own, violation, kills: (call: ReceivedCall) => this.#kills(call) };
      const fn = new LambdaFunction(programs[name], tuning[name], ports);
      return { fn, ports };
    };
    const made = { ingest: functionOf("ingest"), enrich: functionOf("enrich"), notify: functionOf("notify") };
    this.#functions = { ingest: made.ingest.fn, enrich: made.enrich.fn, notify: made.notify.fn };
    for (const name of workerNames) {
      const { queue } = this.queues[stages[name].queue];
      const before = (receipts: readonly string[]) => sabotage.beforeInvocation?.(name, receipts, queue);
      mapQueue(queue, made[name].fn, { ...tuning[name], before }, made[name].ports);
    }
  }

  ingest(request: Json, answered: (answer: unknown) => void): void {
    this.#functions.ingest.invoke(request, answered);
  }

  /** New environments get the variables that hold now. */
  deploy(): void {
    for (const fn of Object.values(this.#functions)) fn.removeIdle();
  }

  /** Sends the event of a version again, as EventBridge or an operator's replay does. */
  announceVersion(version: Version): void {
    const worker = workerOf(version.key);
    if (worker) this.queues[stages[worker].queue].queue.send(objectCreated(version));
  }

  get #slackChannel(): string {
    return this.#world.elapsed < (this.#plan.newRouteAt ?? Number.POSITIVE_INFINITY)
      ? slackChannels[0]
      : slackChannels[1];
  }

  #deliver(version: Version): void {
    const { clock, random, faults } = this.#world;
    const times = faults.happens("eventTwice") ? 2 : 1;
    for (let count = 0; count < times; count += 1) {
      clock.after(random.between(5, this.#plan.eventDelay), () => this.announceVersion(version));
    }
  }

  /** Whether a call reads the lead that ends its function. */
  #kills({ stage, operation, input }: ReceivedCall): boolean {
    const { killer } = this.#plan;
    if (killer?.stage !== stage || operation !== "GetObject") return false;
    const { Key, VersionId } = input as { readonly Key: string; readonly VersionId?: string };
    return tokensIn(this.bucket.find(Key, VersionId)?.text ?? "").includes(killer.token);
  }

  #services(): (call: ReceivedCall) => unknown {
    const world = this.#world;
    const s3 = createS3(this.bucket);
    const byUrl = queueNames.flatMap((name) => {
      const { queue, deadLetters } = this.queues[name];
      return [[name, queue] as const, [`${name}-dlq`, deadLetters] as const];
    });
    const sqs = createSqs(Object.fromEntries(byUrl), world);
    const dynamodb = createDynamoDb(world.clock.now);
    const show = (message: Shown) => this.shown.push(message);
    const ses = createSes(world, show);
    const slack = Object.fromEntries(slackChannels.map((channel) => [channel, createSlack(world, show)]));
    return (call) => {
      const { operation, input, sentAt } = call;
      switch (call.service) {
        case "s3":
          return s3(operation, input);
        case "sqs":
          return sqs(operation, input);
        case "dynamodb":
          return dynamodb(operation, input);
        case "sesv2":
          return ses(operation, input, sentAt);
        case "ssm":
          return { Parameter: { Value: secretOf(String(input.Name)) } };
        case "slack":
          return slack[new URL(String(input.url)).pathname.slice(1)]?.(String(input.body), sentAt);
      }
    };
  }
}

function queuesOf(name: WorkerName, world: World) {
  const { maxReceiveCount, visibilityTimeoutSeconds } = tuning[name];
  const deadLetters = new Queue(world);
  const redrive = { maxReceives: maxReceiveCount, deadLetters };
  return { deadLetters, queue: new Queue(world, { visibilitySeconds: visibilityTimeoutSeconds, redrive }) };
}

/** A parameter's value: the source's secret, or the URL of a Slack channel's webhook. */
const secretOf = (parameter: string) =>
  parameter === secretParameter ? source.secret : `https://slack.invalid/${parameter}`;

/** What the stack puts into a function's environment. */
function variablesOf(name: StageName, slackChannel: () => string): Readonly<Record<string, string>> {
  const common = { [Variable.environment]: "simulated", [Variable.bucket]: "leads", [Variable.defaultCountry]: "US" };
  const sources = { [source.name]: { format: "standard-webhooks", secretParameter } };
  if (name === "ingest") return { ...common, [Variable.sources]: JSON.stringify(sources) };
  const { queue } = stages[name];
  return {
    ...common,
    [Variable.queueUrl]: queue,
    [Variable.deadLetterQueueUrl]: `${queue}-dlq`,
    [Variable.ledgerTable]: "ledger",
    [Variable.emailSender]: "leadwire@example.com",
    [Variable.emailRecipients]: JSON.stringify(["sales@example.com"]),
    [Variable.emailConfigurationSet]: "leadwire",
    get [webhookVariable("slack")]() {
      return JSON.stringify({
        routes: [],
        defaultChannel: slackChannel(),
        patienceSeconds: channelSettings(dev).slack.patienceSeconds,
        webhookParameters: Object.fromEntries(slackChannels.map((channel) => [channel, channel])),
      } satisfies Routing & WebhookSettings);
    },
  };
}
