import { uniq, xor } from "es-toolkit/array";
import { RejectedError } from "../functions/lead/rejection.ts";
import { type IndexItem, indexItems, isIndexed } from "../functions/lead-index/items.ts";
import { Variable } from "../functions/runtime/names.ts";
import { workerTuning } from "../modules/tuning/knobs.ts";
import type { ReceivedCall } from "./environment.ts";
import { LambdaFunction, mapQueue } from "./lambda.ts";
import type { Pipeline, PipelinePorts } from "./pipeline.ts";
import { leadDays } from "./plan.ts";
import { leadIndex, type Program } from "./program.ts";
import { createDynamoDb, type Item } from "./services/dynamodb.ts";
import { objectCreated, type Version } from "./services/s3.ts";
import { createSqs, Queue } from "./services/sqs.ts";
import type { Json } from "./world.ts";

const tuning = workerTuning({});

/** The consumer lead-index beside a pipeline: its queue, its function and its table. */
export class LeadIndex {
  readonly deadLetters: Queue;
  readonly queue: Queue;
  readonly #items = new Map<string, Item>();
  readonly #pipeline: Pipeline;

  constructor(program: Program, pipeline: Pipeline, ports: Omit<PipelinePorts, "programs">) {
    const { world, plan, sabotage } = ports;
    const { visibilityTimeoutSeconds: visibilitySeconds, maxReceiveCount: maxReceives } = tuning;
    this.#pipeline = pipeline;
    this.deadLetters = new Queue(world);
    this.queue = new Queue(world, { visibilitySeconds, maxReceives, deadLetters: this.deadLetters });
    const serve = this.#services(ports);
    const fn = new LambdaFunction({
      ...ports,
      ...tuning,
      program,
      variables: {
        [Variable.environment]: "simulated",
        [Variable.bucket]: "leads",
        [Variable.queueUrl]: "queue",
        [Variable.deadLetterQueueUrl]: "dead-letters",
        [Variable.giveUpAfterHours]: "72",
        [Variable.leadIndexTable]: leadIndex,
        [Variable.leadVersionDays]: String(leadDays),
      },
      serve: (call) => sabotage.serve?.(call, serve) ?? serve(call),
      fate: sabotage.fate,
      failure: (service, fate) => pipeline.failure(service, fate),
      called: () => {},
      died: () => {},
      kills: () => false,
    });
    mapQueue(this.queue, fn, { ...tuning, before: () => {} }, world);
    pipeline.bucket.onCreated((version) => {
      const times = isIndexed(version.key) ? (world.faults.accident() ? 2 : 1) : 0;
      for (let count = 0; count < times; count += 1) {
        world.clock.after(world.random.between(5, plan.eventDelay), () => this.queue.send(objectCreated(version)));
      }
    });
  }

  /** The items that the table lacks, and those that nothing stored speaks of. */
  differences(): string[] {
    const expected = this.#pipeline.bucket.versions.filter(({ key }) => isIndexed(key)).flatMap(itemsOf);
    const actual = [...this.#items.values()].map(({ id, entry, value }) => {
      return textOf({ id: `${id?.S}`, entry: `${entry?.S}`, ...(value && { value: `${value.S}` }) });
    });
    return xor(uniq(expected.map(textOf)), actual);
  }

  #services({ world }: Pick<PipelinePorts, "world">): (call: ReceivedCall) => Json {
    const sqs = createSqs({ queue: this.queue, "dead-letters": this.deadLetters }, world);
    const table = { items: this.#items, key: ["id", "entry"], isUnprocessed: () => world.faults.accident() };
    const dynamo = createDynamoDb(world.clock.now, table);
    return (call) => {
      if (call.service === "SQS") return sqs(call);
      return call.service === "DynamoDB" ? dynamo(call) : this.#pipeline.serve(call);
    };
  }
}

const textOf = ({ id, entry, value = "" }: IndexItem) => `${id} ${entry} ${value}`;

/** The items that the index must have of an object: none of one that is rejected. */
function itemsOf({ key, text, metadata }: Version): IndexItem[] {
  try {
    return indexItems(key, { body: Buffer.from(text), metadata });
  } catch (error) {
    if (error instanceof RejectedError) return [];
    throw error;
  }
}
