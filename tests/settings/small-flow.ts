import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { channelSettings, type Environment, routingOf } from "../../environments/environment.ts";
import { webhookLeadId } from "../../functions/lead/lead-id.ts";
import type { RouteCondition } from "../../functions/lead/routing.ts";
import { httpRequest, objectCreated, sqsEvent, sqsRecord } from "../helpers/aws-events.ts";
import { BundledFunction } from "../helpers/bundled-function.ts";
import { FakeAws } from "../helpers/fake-aws.ts";
import { bareLead } from "../helpers/leads.ts";
import type { SynthesizedStack } from "../helpers/synth.ts";
import type { Small } from "./small-stacks.ts";

/** What the functions of a small environment did with the leads that they were given. */
export interface Flow {
  readonly aws: FakeAws;
  /** Ingest's status by source, for a signed request; `unknown` is no source of the environment. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The phone number that enrich made of a national one. */
  readonly phone: string | undefined;
  /** Bucket and ledger as the stack names them. */
  readonly names: { readonly bucket: string; readonly ledger: string };
  /** What each function printed, by its name. */
  readonly output: Readonly<Record<string, string>>;
}

/** Seconds that Slack asks for and every environment has patience for, even on a busy machine. */
export const shortPause = 2;

/** A phone number as people write it in the environment's country. */
const nationalNumbers: Readonly<Record<string, string>> = { FR: "01 23 45 67 89", AU: "02 9374 4000" };

/** Lambda's variables for a function of the stack, its references resolved. */
function variablesOf({ stack, environment }: Small, name: string, aws: FakeAws): Record<string, string> {
  const resolved = (text: string): string =>
    text.replaceAll(/\$\{(\w+\.\w+)\.(\w+)\}/g, (_, address: string, attribute: string) => {
      const { [attribute]: value, name: own } = stack.resource(address);
      if (attribute === "url") return `${aws.url}/${environment.accountId}/${own}`;
      return resolved(String(value));
    });
  const { variables } = stack.resource(`aws_lambda_function.${name}`).environment as {
    variables: Record<string, string>;
  };
  const own = Object.entries(variables).map(([key, value]) => [key, resolved(value)]);
  return { ...aws.variables, ...Object.fromEntries(own) };
}

const zipOf = (stack: SynthesizedStack, name: string) =>
  join(stack.folder, String(stack.resource(`aws_lambda_function.${name}`).filename));

/** The settings of Slack in an environment whose first channel is Slack. */
export const slackOf = (environment: Environment) => ({
  ...routingOf(environment),
  ...channelSettings(environment).slack,
});

/** Leads that each of the environment's routes takes, and one that just misses every route. */
function routedLeads({ environment }: Small) {
  const { routes, defaultChannel } = slackOf(environment);
  const [source = ""] = Object.keys(environment.sources);
  const one = <Key extends keyof RouteCondition>(key: Key) =>
    routes.flatMap(({ when }) => (when[key] === undefined ? [] : [when[key]]))[0] as NonNullable<RouteCondition[Key]>;
  const traits = [
    { channel: routes[0]?.channel, country: one("countries").at(-1) },
    { channel: routes[1]?.channel, source: one("sources")[0] },
    { channel: routes[2]?.channel, score: one("leastScore") },
    { channel: routes[3]?.channel, company: { employees: one("leastEmployees") } },
    { channel: defaultChannel, score: one("leastScore") - 1, company: { employees: one("leastEmployees") - 1 } },
  ];
  return traits.map(({ channel = "", source: from = source, ...rest }, index) => ({
    channel,
    lead: bareLead({ id: webhookLeadId(from, `routed-${index}`, 0), source: from, ...rest }),
  }));
}

/** Sends leads through ingest, enrich and notify of a small environment, as its stack configures them. */
export async function runFlow(small: Small): Promise<Flow> {
  const { name, environment, stack } = small;
  const aws = await FakeAws.start();
  const secrets = Object.keys(environment.sources).map(
    (source) => [source, `whsec_${Buffer.from(`${name}-${source}-a-long-enough-key`).toString("base64")}`] as const,
  );
  for (const [source, secret] of secrets)
    aws.parameters.set(`/leadwire/${name}/sources/${source}/signing-secret`, secret);
  for (const [, { name: parameter, insecure_value }] of stack.all("aws_ssm_parameter")) {
    aws.parameters.set(String(parameter), String(insecure_value));
  }
  const routed = routedLeads(small);
  for (const { channel } of routed) {
    aws.parameters.set(`/leadwire/${name}/slack/${channel}/webhook-url`, `${aws.url}/slack/${channel}`);
  }
  const names = {
    bucket: String(stack.resource("aws_s3_bucket.leads_bucket").bucket),
    ledger: String(stack.resource("aws_dynamodb_table.ledger").name),
  };
  await aws.createTable(names.ledger, String(stack.resource("aws_dynamodb_table.ledger").hash_key));
  // Slack's first answer: a pause within the patience for the default channel, and one beyond it for the second route's.
  const { defaultChannel, routes, patienceSeconds } = slackOf(environment);
  aws.slackPauses.set(defaultChannel, [shortPause]);
  aws.slackPauses.set(routes[1]?.channel ?? "", [patienceSeconds + 1]);

  const start = (of: string) => new BundledFunction(zipOf(stack, of), variablesOf(small, of, aws));
  const functions = { ingest: start("ingest"), enrich: start("enrich"), notify: start("notify") };
  const { ingest, enrich, notify } = functions;
  const seconds = environment.tuning.notify.timeoutSeconds ?? 0;

  const ingested = async (source: string, secret: string): Promise<[string, number]> => {
    const phone = nationalNumbers[environment.defaultCountry ?? ""];
    const body = JSON.stringify({ email: "jane.roe@acme.example", phone });
    const now = new Date();
    const headers = {
      "webhook-id": "event-1",
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": new Webhook(secret).sign("event-1", now, body),
    };
    const { statusCode } = await ingest.invoke<{ statusCode: number }>(httpRequest(source, body, headers), seconds);
    return [source, statusCode];
  };
  const enriched = async (): Promise<[Record<string, number>, string | undefined]> => {
    const [, anySecret] = secrets[0] ?? ["", ""];
    const statuses = await Promise.all(
      [...secrets, ["unknown", anySecret] as const].map(([of, secret]) => ingested(of, secret)),
    );
    const [raw = ""] = [...aws.objects.keys()].filter((key) => !key.includes("enriched/"));
    await enrich.invoke(
      sqsEvent(sqsRecord(objectCreated(raw.slice(raw.indexOf("/") + 1))), sqsRecord("not JSON", "message-2")),
      seconds,
    );
    const stored = [...aws.objects].find(
      ([key, { metadata }]) => key.startsWith(`${names.bucket}/enriched/`) && metadata["x-amz-meta-correlation-id"],
    );
    return [Object.fromEntries(statuses), stored && JSON.parse(stored[1].text).phone?.e164];
  };
  const announced = async () => {
    await Promise.all(
      routed.map(({ lead }) => {
        const key = `enriched/dt=2026-03-01/${lead.id}.json`;
        aws.objects.set(`${names.bucket}/${key}`, { text: JSON.stringify(lead), metadata: {} });
        return notify.invoke(sqsEvent(sqsRecord(objectCreated(key))), seconds);
      }),
    );
    await notify.invoke(sqsEvent(sqsRecord("not JSON"), sqsRecord("not JSON", "message-2")), seconds);
  };
  try {
    const [[statuses, phone]] = await Promise.all([enriched(), announced()]);
    const output = Object.fromEntries(Object.entries(functions).map(([key, running]) => [key, running.output]));
    return { aws, statuses, phone, names, output };
  } finally {
    await Promise.all(Object.values(functions).map((running) => running.stop()));
  }
}
