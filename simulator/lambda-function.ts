import { Environment, type EnvironmentPorts } from "./environment.ts";
import type { Program } from "./program.ts";
import type { Message, Queue } from "./services/sqs.ts";

export interface FunctionSettings {
  readonly timeoutSeconds: number;
}

/** What an invocation ended with: the function's answer, or undefined after an error, a timeout or a death. */
type Ended = (answer: unknown) => void;

/** A Lambda function: one invocation at a time in each environment, as many environments as there are invocations. */
export class LambdaFunction {
  readonly timeoutSeconds: number;
  readonly #program: Program;
  readonly #ports: EnvironmentPorts;
  #idle: Environment[] = [];
  #started = 0;

  constructor(program: Program, { timeoutSeconds }: FunctionSettings, ports: EnvironmentPorts) {
    this.timeoutSeconds = timeoutSeconds;
    this.#program = program;
    this.#ports = ports;
  }

  invoke(event: unknown, ended: Ended): void {
    const { clock } = this.#ports.world;
    const environment = this.#take();
    const deadline = clock.now() + this.timeoutSeconds * 1000;
    const cancel = environment.after(this.timeoutSeconds * 1000, () => environment.die("timeout"));
    environment.onDeath = () => ended(undefined);
    const finish = (answer: unknown) => {
      if (environment.dead) return;
      cancel();
      environment.finish();
      this.#idle.push(environment);
      ended(answer);
    };
    const context = { getRemainingTimeInMillis: () => deadline - clock.now() };
    environment.handler(event, context).then(finish, () => finish(undefined));
  }

  /** Removes idle environments, as a deployment does. */
  removeIdle(): void {
    this.#idle = [];
  }

  #take(): Environment {
    const { faults } = this.#ports.world;
    if (faults.happens("environmentRemoved")) this.#idle.pop();
    const environment = this.#idle.pop() ?? this.#start();
    environment.running = true;
    return environment;
  }

  #start(): Environment {
    this.#started += 1;
    return new Environment(`${this.#program.stage}#${this.#started}`, this.#program, this.#ports);
  }
}

export interface MappingSettings {
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  /** Sees the receipts of a batch before the function. */
  readonly before: (receipts: readonly string[]) => void;
}

/** An event source mapping: it hands a queue's messages to a function, and deletes those of the batch that did not fail. */
export function mapQueue(queue: Queue, fn: LambdaFunction, settings: MappingSettings, ports: EnvironmentPorts): void {
  const { clock, random } = ports.world;
  let running = 0;
  const poll = () => {
    if (running >= settings.maximumConcurrency) return;
    const messages = queue.receive(random.whole(1, settings.batchSize));
    if (messages.length === 0) return;
    running += 1;
    settings.before(messages.map(({ receipt }) => receipt));
    fn.invoke({ Records: messages.map(asRecord) }, (answer) => {
      for (const { receipt } of succeeded(messages, answer)) queue.delete(receipt);
      running -= 1;
      clock.after(0, poll);
    });
    clock.after(0, poll);
  };
  queue.onVisible = () => clock.after(random.between(0, 50), poll);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
function succeeded(messages: readonly Message[], answer: unknown): readonly Message[] {
  if (answer === undefined) return [];
  const { batchItemFailures = [] } = answer as { batchItemFailures?: readonly { itemIdentifier: string }[] };
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return messages.filter(({ id }) => !failed.has(id));
}

const asRecord = ({ id, receipt, body, receives, sentAt, attributes }: Message) => ({
  messageId: id,
  receiptHandle: receipt,
  body,
  attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: String(sentAt) },
  messageAttributes: Object.fromEntries(
    Object.entries(attributes).map(([name, { StringValue }]) => [
      name,
      { stringValue: StringValue, dataType: "String" },
    ]),
  ),
});
