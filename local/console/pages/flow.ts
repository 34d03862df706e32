import { sortBy } from "es-toolkit";
import { Hono } from "hono";
import { stageNames, stages, workerNames } from "../../../flow.ts";
import { type ChannelName, channelNames } from "../../../functions/notify/channels/index.ts";
import { inProgress } from "../../journal/entry.ts";
import { workQueues } from "../../run-record.ts";
import type { ConsoleContext, Page } from "../context.ts";
import { live } from "../live.ts";
import type { CardView, FactView, FlowView } from "../shapes/flow.ts";

type Context = Pick<ConsoleContext, "platform" | "journal" | "record">;

/** What each channel does, and the page with its messages. A channel that is missing here is a type error. */
const channelWords: Readonly<Record<ChannelName, readonly [page: string, does: string]>> = {
  slack: ["/slack", "Shows leads to the team. Slack takes about one message a second, so a burst becomes digests."],
  email: ["/mail", "Takes the leads that no channel before it took. Here all mails stay in a local mailbox."],
};
/** Seconds over which a rate is measured. */
const rateSeconds = 10;

function answerFacts(answers: Readonly<Record<string, number>> = {}): FactView[] {
  const words = { 0: ["no answer", "bad"], 2: ["accepted", "good"], 4: ["refused", "warn"] } as const;
  return Object.entries(answers).map(([status, count]) => {
    const [word, tone] = words[status.charAt(0) as "2"] ?? ["failed", "bad"];
    return [status === "0" ? word : `${status} ${word}`, count, tone];
  });
}

function queueFacts(queue: string, { platform }: Context): FactView[] {
  const { ready, delayed, inflight } = platform.inspectQueue(queue);
  const now = Date.now();
  let oldest = now;
  for (const { sentTimestamp } of ready) oldest = Math.min(oldest, sentTimestamp);
  for (const { sentTimestamp } of delayed) oldest = Math.min(oldest, sentTimestamp);
  for (const { message } of inflight) oldest = Math.min(oldest, message.sentTimestamp);
  return [
    ["waiting", ready.length, "busy"],
    ["in flight", inflight.length, "busy"],
    ["oldest", `${Math.floor((now - oldest) / 1000)} s`],
    ["postponed", delayed.length, "warn"],
    ["dead letters", platform.inspectQueue(`${queue}-dlq`).ready.length, "bad"],
  ];
}

/** The functions of the stack with what never changes, in a lead's order; those on no lead's way are the last. */
export function functionsOf({ stack }: Context["platform"]) {
  const queues = new Map(workQueues(stack).map(({ queue, worker }) => [worker, queue]));
  const functions = stack.of("aws_lambda_function").map(({ values }) => {
    const id = String(values.function_name);
    const stage = stageNames.find((name) => id.endsWith(`-${name}`));
    return { id, stage, does: String(values.description ?? ""), queue: queues.get(id) };
  });
  const { id = "", stage = "" } = functions.find((one) => one.stage) ?? {};
  const prefix = id.length - stage.length;
  return sortBy(functions, [({ stage }) => (stage ? stageNames.indexOf(stage) : stageNames.length)]).map((one) => ({
    ...one,
    name: one.id.slice(prefix),
    queueName: one.queue?.slice(prefix) ?? "",
    worker: workerNames.find((name) => name === one.stage),
  }));
}
type Function = ReturnType<typeof functionsOf>[number];

function functionCard({ id, name, does }: Function, { platform, record }: Context): CardView {
  const { invocations, coldStarts, errors } = record.functions[id] ?? { invocations: 0, coldStarts: 0, errors: 0 };
  const facts: FactView[] = [
    ["running", platform.functions.get(id)?.running ?? 0, "busy"],
    ["invocations", invocations],
    ["cold starts", coldStarts],
    ["errors", errors, "bad"],
  ];
  return { title: name, kind: "Lambda function", does, facts };
}

/** A stage's function after what feeds it: the API, or a queue with the events of objects. */
function stepCards(stage: Function, context: Context): CardView[] {
  const { name, worker, queue, queueName } = stage;
  const { record } = context;
  const card = functionCard(stage, context);
  if (!worker) {
    const does = "Leads come here from CRMs, forms and ads, signed. What is not accepted is sent again by its source.";
    const more = ["/sources", "Send a lead"] as const;
    return [{ title: "requests", kind: "HTTP API", does, more, facts: answerFacts(record.answers.api) }, card];
  }
  const title = `${stages[worker].prefix.slice(0, -1) || "raw"} leads`;
  const stored: FactView = ["stored", record.objects[worker] ?? 0];
  const objects = { title, kind: "S3 objects", does: "Each new object sends an event to a queue.", facts: [stored] };
  if (!queue) return [objects, card];
  const does = `Keeps events until ${name} takes them. What fails is tried again, and in the end it is a dead letter.`;
  return [objects, { title: queueName, kind: "SQS queue", does, facts: queueFacts(queue, context) }, card];
}

function arrivalCards({ platform, record }: Context): CardView[] {
  const states = ["claimed", "sent", "failed", "unknown"].map((name): FactView => [name, record.ledger[name] ?? 0]);
  const does = "Remembers what was announced where, so that each lead is announced once.";
  const since = Date.now() - rateSeconds * 1000;
  const channels = channelNames.map((name): CardView => {
    const messages = new Map(Object.entries(platform.chats)).get(name)?.messages;
    const recent = messages && messages.length - 1 - messages.findLastIndex(({ at }) => at < since);
    const rate: FactView[] = recent === undefined ? [] : [["messages a second", (recent / rateSeconds).toFixed(1)]];
    const [page, does] = channelWords[name];
    const facts = [...answerFacts(record.answers[name]), ...rate];
    return { title: name, kind: "channel", does, more: [page, "Messages"], facts };
  });
  return [{ title: "ledger", kind: "DynamoDB table", does, facts: states }, ...channels];
}

function careCards({ platform }: Context): CardView[] {
  const { deadLetters, monitoring } = platform;
  const firing = [...monitoring.states].flatMap(([name, state]): FactView[] =>
    state === "ALARM" ? [[name, "firing", "bad"]] : [],
  );
  return [
    {
      title: "dead letters",
      kind: "SQS queues",
      does: "Leads that cannot be read, or failed at every attempt. Mend the cause, and send them again.",
      more: ["/dead-letters", "Show, mend, redrive"],
      facts: [["in all queues", deadLetters.contents().length, "bad"]],
    },
    {
      title: "alarms",
      kind: "CloudWatch",
      does: "Tell the people who run Leadwire what is wrong.",
      more: ["/alarms", "All alarms"],
      facts: [[`firing, of ${monitoring.states.size}`, firing.length, "bad"], ...firing.slice(0, 5)],
    },
  ];
}

/** A snapshot. @param functions of `functionsOf` */
export function flowView(context: Context, functions: readonly Function[]): FlowView {
  const { counts } = context.journal;
  const [onTheWay, beside] = [functions.filter(({ stage }) => stage), functions.filter(({ stage }) => !stage)];
  return {
    leads: [
      ["in progress", inProgress(counts), "busy"],
      ["announced", counts.announced, "good"],
      ["dead-lettered", counts["dead-lettered"], "bad"],
    ],
    steps: [...onTheWay.map((stage) => stepCards(stage, context)), arrivalCards(context)],
    beside: [
      ...careCards(context),
      ...beside.map((one) => {
        const card = functionCard(one, context);
        return { ...card, facts: [...card.facts, ...(one.queue ? queueFacts(one.queue, context) : [])] };
      }),
    ],
  };
}

/** The pipeline in a lead's order, with live numbers. */
export const flow: Page = {
  name: "flow",
  routes: (context) =>
    new Hono().get("/live", (c) => {
      const functions = functionsOf(context.platform);
      return live(c, () => flowView(context, functions));
    }),
};
