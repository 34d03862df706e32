import { setTimeout as pause } from "node:timers/promises";
import { type ApiAnswer, type Call, type Random, ServiceError } from "local-aws";
import type { ApiMode } from "../apis/simulated-api.ts";
import type { SlackMode } from "../options.ts";

type Act = (proceed: () => Promise<ApiAnswer>, random: Random) => Promise<ApiAnswer>;

/** A fault of something that the pipeline depends on. */
export type Fault =
  | { readonly kind: "slack"; readonly mode: SlackMode }
  /** Every API from which the records of leads are fetched. */
  | { readonly kind: "api"; readonly mode: ApiMode }
  | { readonly kind: "calls"; readonly hits: (call: Call) => boolean; readonly act: Act }
  /** Ends execution environments in the middle of their invocations, about once a second. */
  | { readonly kind: "kill" }
  /** Makes the functions start cold, and fails a call that a start makes. */
  | { readonly kind: "cold-start"; readonly hits: (call: Call) => boolean; readonly act: Act }
  /** Queues and the event bus deliver as untidily as AWS allows them. */
  | { readonly kind: "delivery" }
  /** The CRM sends each event once more. */
  | { readonly kind: "twice" };

const byFunction =
  (service: Call["service"], ...operations: string[]) =>
  ({ caller, ...call }: Call): boolean =>
    caller.kind === "role" &&
    call.service === service &&
    (operations.length === 0 || operations.includes(call.operation));

/** Whether EventBridge sends an event to a queue. */
export const byEventBridge = ({ caller, operation }: Call) => caller.kind === "service" && operation === "SendMessage";

const failing =
  (status: number, code: string, message: string): Act =>
  () =>
    Promise.reject(new ServiceError(status, code, message));

/** The service does its work, but its answer is lost. */
const answerLost =
  (status: number, code: string): Act =>
  async (proceed) => {
    await proceed();
    throw new ServiceError(status, code, "The answer was lost.");
  };

/** Waits for a part of the given milliseconds. */
const wait = (random: Random, milliseconds: number) => pause(random() * milliseconds, undefined, { ref: false });

const late =
  (milliseconds: number): Act =>
  (proceed, random) =>
    wait(random, milliseconds).then(proceed);

const doubled =
  (milliseconds: number): Act =>
  async (proceed, random) => {
    const answer = await proceed();
    await wait(random, milliseconds);
    await proceed();
    return answer;
  };

const slack = (mode: SlackMode): Fault => ({ kind: "slack", mode });
const calls = (hits: (call: Call) => boolean, act: Act): Fault => ({ kind: "calls", hits, act });

const ses = byFunction("ses");
const s3 = byFunction("s3");
const dynamodb = byFunction("dynamodb");

/** Every fault, with the services' own messages. */
export const faults = {
  "slack-down": slack("down"),
  "slack-slow": slack("slow"),
  "slack-limited": slack("limited"),
  "slack-resetting": slack("resetting"),
  "slack-silent": slack("silent"),
  "slack-uncertain": slack("uncertain"),
  "api-down": { kind: "api", mode: "down" },
  "api-limited": { kind: "api", mode: "limited" },
  "ses-throttling": calls(ses, failing(429, "TooManyRequestsException", "Maximum sending rate exceeded.")),
  "ses-rejecting": calls(
    ses,
    failing(400, "MessageRejected", "Email address is not verified. The following identities failed the check"),
  ),
  "ses-paused": calls(ses, failing(400, "SendingPausedException", "Email sending is disabled for your account.")),
  "ses-answer-lost": calls(ses, answerLost(500, "InternalServerError")),
  "ses-aborted": calls(ses, answerLost(400, "RequestAbortedException")),
  "s3-unavailable": calls(s3, failing(503, "SlowDown", "Please reduce your request rate.")),
  "s3-slow": calls(s3, late(4000)),
  "s3-answer-lost": calls(byFunction("s3", "PutObject"), answerLost(500, "InternalError")),
  "dynamodb-throttling": calls(
    dynamodb,
    failing(400, "ThrottlingException", "Throughput exceeds the current capacity of your table or index."),
  ),
  "dynamodb-answer-lost": calls(dynamodb, answerLost(500, "InternalServerError")),
  "ssm-failing": {
    kind: "cold-start",
    hits: byFunction("ssm"),
    act: failing(500, "InternalServerError", "An error occurred on the server side."),
  },
  "worker-killed": { kind: "kill" },
  "events-doubled": calls(byEventBridge, doubled(3000)),
  "events-reordered": calls(byEventBridge, late(3000)),
  "messages-doubled": { kind: "delivery" },
  "messages-reordered": { kind: "delivery" },
  "crm-twice": { kind: "twice" },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as [FaultName, ...FaultName[]];
