import { request } from "node:http";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { partition } from "es-toolkit/array";
import * as assert from "uvu/assert";
import { outcomesPrefix } from "../../flow.ts";
import type { Signed } from "../../local/crm.ts";
import type { Platform, PlatformOptions } from "../../local/platform.ts";
import { inTime } from "../helpers/in-time.ts";
import { type AuditedPipeline, startAudited, testPatience } from "../helpers/running-pipeline.ts";
import { synthesizedStack } from "../helpers/synth.ts";

/** A running dev pipeline with what attackers and their judges need. */
export type Target = AuditedPipeline;

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** An email in the mailbox. */
export interface Mail {
  readonly from: string;
  readonly destination: { readonly to: string[]; readonly cc: string[]; readonly bcc: string[] };
  readonly subject: string;
  readonly body: { readonly html?: string; readonly text?: string };
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly attachments: readonly unknown[];
}

/** The synthesized dev pipeline, running until `stop` is called. */
export async function startTarget(options: Partial<PlatformOptions> = {}): Promise<Target> {
  const { folder } = await synthesizedStack("leadwire-dev");
  return startAudited({ stackDir: folder, ...options });
}

/** Sends a request whose path goes out as it stands: `fetch` would tidy it up. */
export function send(
  { endpoint }: Pick<Platform, "endpoint">,
  path: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method: "POST", path, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
    });
    outgoing.on("error", reject).end(body);
  });
}

/** Sends what the CRM signed, changed or not, to a source's path. */
export const sendSigned = (target: Target, { headers, body }: Signed, path = "/website") =>
  send(target, path, body, headers);

/** The error code of an answer of ingest. */
export const codeOf = ({ text }: HttpAnswer): string | undefined => JSON.parse(text).error?.code;

/** Every key of the bucket but those of outcomes, sorted. Keys of outcomes hold a time and a hash. */
export async function keysIn(target: Platform): Promise<string[]> {
  const s3 = new S3Client(target.clientSettings());
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: target.bucket }));
  s3.destroy();
  const [ofOutcomes, keys] = partition(
    Contents.map(({ Key = "" }) => Key),
    (key) => key.startsWith(outcomesPrefix),
  );
  for (const key of ofOutcomes)
    assert.match(key, /^outcomes\/dt=\d{4}-\d\d-\d\d\/\d{9}-[0-9a-f]{16}(-unannounced)?\.json$/);
  return keys.sort();
}

/** Puts an object into the bucket as a person would, with metadata of their liking. */
export async function drop(
  { clientSettings, bucket }: Platform,
  key: string,
  content: unknown,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const s3 = new S3Client(clientSettings());
  const Body = typeof content === "string" ? content : JSON.stringify(content);
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: "application/json", Metadata: metadata }),
  );
  s3.destroy();
}

/** Resolves when the dead letter queues have got so many more messages. */
export function deadLettered({ deadLetters }: Platform, count = 1): Promise<void> {
  let missing = count;
  return inTime<void>(`${count} dead letters`, (resolve) => {
    deadLetters.on("arrived", () => {
      missing -= 1;
      if (missing === 0) resolve();
    });
  });
}

/** Error class of every dead letter, sorted. */
export async function errorClasses({ deadLetters }: Platform): Promise<(string | undefined)[]> {
  return deadLetters
    .contents()
    .map(({ messageAttributes }) => messageAttributes.errorClass?.StringValue)
    .sort();
}

/** The mails that were sent so far. */
export async function mailsOf({ mailboxUrl }: Platform): Promise<Mail[]> {
  const { emails } = (await (await fetch(`${mailboxUrl}/store`)).json()) as { emails: Mail[] };
  return emails;
}

/** Waits until every accepted lead is announced; the test fails when one is lost or announced twice. */
export async function allAnnouncedOnce({ leadAudit }: Target): Promise<void> {
  await leadAudit.settled(testPatience);
  const { lost, duplicates } = leadAudit.summary("dev");
  assert.equal({ lost, duplicates }, { lost: 0, duplicates: 0 });
}
