import { EventEmitter } from "node:events";
import type { SendEmailCommandInput } from "@aws-sdk/client-sesv2";
import { type Call, type Intercept, ServiceError } from "local-aws";
import type { WorkerName } from "../../flow.ts";
import type { ChatFailure } from "../chat.ts";
import type { Platform } from "../platform.ts";
import { Door } from "./door.ts";

interface OutageKind {
  /** Whether all chats are down too. */
  readonly chats: boolean;
  readonly service: Extract<Call["service"], "ses" | "s3" | "dynamodb" | "ssm">;
  /** The functions that it is down for. ingest is not among them, because it would accept no lead. */
  readonly workers: readonly WorkerName[];
}

const outages = {
  "slack+email": { chats: true, service: "ses", workers: ["notify"] },
  storage: { chats: false, service: "s3", workers: ["enrich", "notify"] },
  ledger: { chats: false, service: "dynamodb", workers: ["notify"] },
  secrets: { chats: false, service: "ssm", workers: ["enrich", "notify"] },
} as const satisfies Readonly<Record<string, OutageKind>>;

export type OutageName = keyof typeof outages;
export const outageNames = Object.keys(outages) as OutageName[];

/** How a service that is down meets what comes: connections are refused, or calls get an answer with 5xx, or none. */
export const manners = ["refused", "answered 5xx", "silent"] as const satisfies readonly ("refused" | ChatFailure)[];
export type Manner = (typeof manners)[number];

/** https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html */
const endpointVariables: Readonly<Record<OutageKind["service"], string>> = {
  ses: "AWS_ENDPOINT_URL_SESV2",
  s3: "AWS_ENDPOINT_URL_S3",
  dynamodb: "AWS_ENDPOINT_URL_DYNAMODB",
  ssm: "AWS_ENDPOINT_URL_SSM",
};

/** The text of an email that a call sends, or undefined for any other call. */
export function emailText({ operation, parameters }: Call): string | undefined {
  if (operation !== "SendEmail") return undefined;
  return (parameters as unknown as SendEmailCommandInput).Content?.Simple?.Body?.Text?.Data;
}

/**
 * Takes services down as a whole. Start it before the platform, which gets `intercept` and `variables`, and hand the platform
 * to `attach`. Emits the text of each email whose sender cannot know whether it was sent.
 */
export class Outage extends EventEmitter<{ uncertain: [text: string] }> {
  readonly #kind: OutageKind;
  readonly #door = new Door();
  #platform: Platform | undefined;
  #manner: Manner | undefined;
  #again: readonly (() => Promise<void>)[] = [];

  constructor(name: OutageName) {
    super();
    this.#kind = outages[name];
  }

  start(): Promise<void> {
    return this.#door.start();
  }

  attach(platform: Platform): void {
    this.#platform = platform;
    this.#door.target = platform.gateway.url;
  }

  /** Lets the functions reach the service by a door of its own. */
  readonly variables = (functionName: string): Readonly<Record<string, string>> =>
    this.#isDownFor(functionName) ? { [endpointVariables[this.#kind.service]]: this.#door.url } : {};

  readonly intercept: Intercept = (call) => {
    const { caller, service } = call;
    const isHit = caller.kind === "role" && service === this.#kind.service && this.#isDownFor(caller.name);
    if (!isHit || this.#manner === undefined) return undefined;
    const text = emailText(call);
    if (text !== undefined) this.emit("uncertain", text);
    if (this.#manner === "silent") return new Promise(() => {});
    throw new ServiceError(503, "ServiceUnavailable", "The service is unavailable.");
  };

  /**
   * Takes the services down in a manner, or brings them back. Functions that are idle start cold after it if they are to miss
   * their secrets, because they would use those that they know.
   */
  async change(manner: Manner | undefined): Promise<void> {
    const chats = this.#kind.chats ? Object.values(this.#platform?.chats ?? {}) : [];
    for (const again of this.#again) await again();
    this.#manner = manner;
    for (const chat of chats) chat.failureOf = () => (manner === "refused" ? undefined : manner);
    this.#again = manner === "refused" ? await Promise.all([this.#door, ...chats].map((one) => one.refuse())) : [];
    if (manner === undefined || this.#kind.service !== "ssm") return;
    for (const [name, running] of this.#platform?.functions ?? []) {
      if (this.#isDownFor(name)) await running.endIdle();
    }
  }

  stop(): Promise<void> {
    return this.#door.stop();
  }

  #isDownFor(functionName: string): boolean {
    return this.#kind.workers.some((worker) => functionName.endsWith(`-${worker}`));
  }
}
