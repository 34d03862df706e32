import { billedUnits, type LeadsUsage } from "../../cost/per-lead.ts";
import type { Call } from "../environment.ts";
import type { ServiceName } from "../faults.ts";

/** The services that AWS bills, by the names that usage has. */
const billedServices: Readonly<Partial<Record<ServiceName, string>>> = {
  S3: "s3",
  SQS: "sqs",
  DynamoDB: "dynamodb",
  SESv2: "ses",
  SSM: "ssm",
};

/** Bytes that a logger adds to a line, and those of an invocation's metrics and of Lambda's own two lines. */
const [lineBytes, invocationBytes] = [330, 900];

/** Counts what AWS bills. */
export class UsageMeter {
  readonly #calls = new Map<string, number>();
  #invocations = 0;
  #gbSeconds = 0;
  #logBytes = 0;

  add({ service, operation, input }: Pick<Call, "service" | "operation" | "input">): void {
    const billed = billedServices[service];
    if (billed) this.addCalls(`${billed}:${operation}`, billedUnits(`${billed}:${operation}`, input));
  }

  addCalls(name: string, count: number): void {
    this.#calls.set(name, (this.#calls.get(name) ?? 0) + count);
  }

  addInvocation(milliseconds: number, memoryMb: number): void {
    this.#invocations += 1;
    this.#gbSeconds += (Math.ceil(milliseconds) / 1000) * (memoryMb / 1024);
    this.#logBytes += invocationBytes;
  }

  addLogLine(line: string): void {
    this.#logBytes += lineBytes + Buffer.byteLength(line);
  }

  /** @param leads what was used is for so many */
  usage(leads: number): LeadsUsage {
    const [calls, invocations] = [this.#calls, this.#invocations];
    return { leads, calls, invocations, gbSeconds: this.#gbSeconds, logBytes: this.#logBytes };
  }
}
