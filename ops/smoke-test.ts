import { randomUUID } from "node:crypto";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3ServiceException } from "@aws-sdk/client-s3";
import { GetParameterCommand, ParameterNotFound, type SSMClient } from "@aws-sdk/client-ssm";
import { Webhook } from "standardwebhooks";
import { type StageName, stages } from "../flow.ts";
import { announcementId, nobody } from "../functions/lead/announcement-id.ts";
import type { EnrichedLead } from "../functions/lead/enriched-lead.ts";
import { enrichedKey, smokeSource } from "../functions/lead/lead-id.ts";
import { LedgerAttribute } from "../functions/runtime/names.ts";
import type { OpsPorts } from "./commands/command.ts";
import { OpsError } from "./errors.ts";
import type { Pipeline } from "./outputs.ts";

/** Something that the test saw, and how many seconds after its first post. */
interface Seen {
  readonly what: "answer" | "raw object" | "enriched object" | "ledger item";
  readonly seconds: number;
  /** A key or a state. It holds no secret. */
  readonly detail: string;
}

/** What became of a smoke test. Without `stopped`, it came all the way. */
export interface SmokeResult {
  readonly leadId: string | undefined;
  readonly seen: readonly Seen[];
  readonly stopped: { readonly stage: StageName; readonly problem: string } | undefined;
}

/** A stage that did not do its part. */
class Stopped extends Error {
  readonly stage: StageName;

  constructor(stage: StageName, problem: string) {
    super(problem);
    this.stage = stage;
  }
}

const answerMilliseconds = 10_000;
const betweenLooks = 500;
/** Statuses of S3 for an object that is not there: 403 to whoever may not list the bucket, as the workflows may not. */
const absent: readonly (number | undefined)[] = [403, 404];

/**
 * Posts a signed test lead to the source `smoke`, and waits until its raw object, its enriched object and its item in the
 * ledger are there. The post is sent again after no answer, 429 and 5xx, as sources do. One event id makes all posts one lead.
 * @param seconds for all of it
 * @throws OpsError SmokeSecret, and the SDK's errors
 */
export async function smokeTest(pipeline: Pipeline, seconds: number, ports: SmokePorts): Promise<SmokeResult> {
  const { region, bucket, ledgerTable } = pipeline;
  const { now, wait } = ports;
  const post = poster(pipeline, await signing(ports.ssm(region), pipeline), ports);
  const begun = now().getTime();
  const seen: Seen[] = [];
  let leadId: string | undefined;

  /** Looks until there is something, or the time is over. */
  const waitFor = async <Found>(
    what: Seen["what"],
    look: () => Promise<(Found & Pick<Seen, "detail">) | undefined>,
  ) => {
    for (;;) {
      const found = await look();
      const elapsed = (now().getTime() - begun) / 1000;
      if (found) {
        seen.push({ what, seconds: elapsed, detail: found.detail });
        return found;
      }
      if (elapsed >= seconds) return undefined;
      await wait(betweenLooks);
    }
  };
  let denied = "";
  const none = (stage: StageName, what: Seen["what"]) => new Stopped(stage, `no ${what} within ${seconds} s${denied}`);

  try {
    let last = "";
    const answer = await waitFor<{ key: string }>("answer", async () => {
      const result = await post();
      last = result.problem ?? "";
      return result.accepted;
    });
    if (!answer) throw new Stopped("ingest", last);
    leadId = answer.key.replace(/\.json$/, "");
    const id = leadId;

    const s3 = ports.s3(region);
    const objectAt = async (Key: string) => {
      try {
        const { Body, LastModified } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        if (Body && LastModified) return { detail: Key, text: await Body.transformToString(), at: LastModified };
      } catch (error) {
        if (!(error instanceof S3ServiceException) || !absent.includes(error.$metadata.httpStatusCode)) throw error;
        denied = error.$metadata.httpStatusCode === 403 ? ", or no permission to read it" : "";
      }
      return undefined;
    };
    const raw = await waitFor("raw object", () => objectAt(answer.key));
    if (!raw) throw none("ingest", "raw object");
    const enriched = await waitFor("enriched object", () => objectAt(enrichedKey(id, raw.at)));
    if (!enriched) throw none("enrich", "enriched object");
    denied = "";
    const lead = JSON.parse(enriched.text) as EnrichedLead;
    if (lead.test !== true) throw new Stopped("enrich", "the enriched object is not marked as a test");

    const Key = { [LedgerAttribute.id]: { S: announcementId(lead, nobody) } };
    const item = await waitFor<{ by: string }>("ledger item", async () => {
      const command = new GetItemCommand({ TableName: ledgerTable, Key, ConsistentRead: true });
      const { Item } = await ports.dynamo(region).send(command);
      const by = Item?.by?.S ?? "";
      return Item?.state?.S === "sent" ? { by, detail: `sent by ${by}` } : undefined;
    });
    if (!item) throw none("notify", "ledger item");
    if (item.by !== nobody) throw new Stopped("notify", `it was announced by ${item.by}, and must be by ${nobody}`);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return { leadId, seen, stopped: { stage: error.stage, problem: error.message } };
  }
  return { leadId, seen, stopped: undefined };
}

export type SmokePorts = Pick<OpsPorts, "ssm" | "s3" | "dynamo" | "fetch" | "now" | "wait">;

/** Reads the secret of smoke tests. Its errors do not show it. */
async function signing(ssm: SSMClient, { sourceSecrets }: Pipeline): Promise<Webhook> {
  const [Name] = sourceSecrets[smokeSource] ?? [];
  if (!Name) {
    const remedy = "Deploy the stack and write its outputs again.";
    throw new OpsError("Outputs", `The outputs name no secret of the source ${smokeSource}. ${remedy}`);
  }
  const put = `Put one there: docs/operations.md#secrets-and-settings.`;
  const value = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true })).then(
    ({ Parameter }) => Parameter?.Value,
    (error: unknown) => {
      if (error instanceof ParameterNotFound) throw new OpsError("SmokeSecret", `${Name} does not exist. ${put}`);
      throw error;
    },
  );
  try {
    // While a secret is rotated, the parameter holds several.
    return new Webhook(value?.trim().split(/\s+/)[0] ?? "");
  } catch {
    throw new OpsError("SmokeSecret", `${Name} is no signing secret: whsec_ and 24 to 64 bytes in base64. ${put}`);
  }
}

/** What a post came to: accepted, or why not. An answer that another post does not change ends the test. */
interface Posted {
  readonly accepted?: { readonly key: string; readonly detail: string };
  readonly problem?: string;
}

/** Returns what posts the test lead once. */
function poster({ endpoint }: Pipeline, webhook: Webhook, { fetch, now }: SmokePorts) {
  const eventId = `smoke-${randomUUID()}`;
  const data = { email: "smoke-test@example.com", full_name: "Smoke Test", company: "Leadwire smoke test" };
  const body = JSON.stringify({ type: "lead.created", timestamp: now().toISOString(), data });
  return async (): Promise<Posted> => {
    const at = now();
    const headers = {
      "content-type": "application/json",
      "webhook-id": eventId,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": webhook.sign(eventId, at, body),
    };
    const signal = AbortSignal.timeout(answerMilliseconds);
    let status: number;
    let text: string;
    try {
      const answer = await fetch(`${endpoint}/${smokeSource}`, {
        method: "POST",
        redirect: "error",
        headers,
        body,
        signal,
      });
      [status, text] = [answer.status, await answer.text()];
    } catch (error) {
      return { problem: `the endpoint did not answer (${(error as Error).name})` };
    }
    const key = /"key":"(smoke-[0-9a-f]{32}\.json)"/.exec(text)?.[1];
    if ((status === 202 || status === 200) && key) return { accepted: { key, detail: String(status) } };
    const problem = `the endpoint answered ${status}: ${text.slice(0, 200)}`;
    if (status === 429 || status >= 500) return { problem };
    throw new Stopped("ingest", problem);
  };
}

/** Names in AWS of what shows why a stage stopped, in an environment. */
export function whereToLook(environmentName: string, stage: StageName) {
  const prefix = `leadwire-${environmentName}`;
  const part = stages[stage];
  const alarms =
    part.kind === "http"
      ? ["api-server-errors", `${stage}-errors`]
      : [`${part.queue}-dlq-depth`, `${part.queue}-age`, `${stage}-errors`, `${stage}-postponed`];
  return { logGroup: `/aws/lambda/${prefix}-${stage}`, alarms: alarms.map((name) => `${prefix}-${name}`) };
}
