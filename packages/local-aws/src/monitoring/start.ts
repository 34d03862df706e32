import type { Authorize } from "../aws/call.ts";
import type { Fauxqs } from "../aws/fauxqs.ts";
import type { LocalSes } from "../aws/ses.ts";
import type { EventBus } from "../events/event-bus.ts";
import type { ApiSettings } from "../http/api-settings.ts";
import type { HttpApi } from "../http/http-api.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import type { Logs } from "../lambda/logs.ts";
import { textField } from "../stack/fields.ts";
import type { Stack } from "../stack/stack-file.ts";
import { mailer } from "./mailbox.ts";
import { Monitoring } from "./monitoring.ts";
import { queueDepth } from "./queue-depth.ts";

/** What monitoring watches and needs. */
export interface Watched {
  readonly fauxqs: Fauxqs;
  readonly functions: Iterable<LambdaFunction>;
  readonly logs: Logs;
  readonly api: HttpApi;
  /** Undefined for a stack without an API. */
  readonly apiSettings: ApiSettings | undefined;
  readonly authorize: Authorize;
  readonly events: EventBus;
  readonly ses: Pick<LocalSes, "events" | "mailboxUrl">;
}

/** Milliseconds that stand for an alarm's period, however long it is in the account. */
const period = 1000;

/** Starts CloudWatch and SNS on a running stack. */
export async function startMonitoring(stack: Stack, watched: Watched): Promise<Monitoring> {
  const { fauxqs, functions, logs, api, apiSettings, authorize, events, ses } = watched;
  const queues = stack.of("aws_sqs_queue").map((queue) => textField(queue, "name"));
  const monitoring = new Monitoring(stack, {
    queues: () => queues.map((name) => queueDepth(name, fauxqs.inspect(name), new Date())),
    authorize,
    sendEmail: mailer(ses.mailboxUrl),
  });
  logs.on("line", ({ line }) => monitoring.logged(line));
  for (const running of functions) running.on("invoked", (invoked) => monitoring.invoked(invoked));
  api.on("answered", ({ request, answer: { status } }) => {
    if (!apiSettings) return;
    const milliseconds = Date.now() - request.receivedAt.getTime();
    monitoring.requested({ apiId: apiSettings.id, stage: apiSettings.stage, status, milliseconds });
  });
  events.on("undeliverable", (rule) => monitoring.undelivered(rule, "FailedInvocations"));
  events.on("lost", (rule) => monitoring.undelivered(rule, "InvocationsFailedToBeSentToDlq"));
  ses.events.on("event", (event) => monitoring.emailed(event));
  await monitoring.begin(new Date());
  monitoring.every(period);
  return monitoring;
}
