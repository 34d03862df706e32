import { randomUUID } from "node:crypto";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { enrichedPrefix, queueOutputs, stages } from "../../flow.ts";
import type { RejectionCode } from "../../functions/lead/rejection.ts";
import type { Platform } from "../platform.ts";

/** Something that can never become a lead, and how it must end. */
export interface InvalidLead {
  readonly kind: string;
  readonly errorClass: RejectionCode;
  /** A text that its dead letter holds. */
  readonly mark: string;
}

type Target = Pick<Platform, "clientSettings" | "bucket" | "stack" | "crm">;
type Drop = (target: Target, name: string) => Promise<string>;

/** Whoever drops a file or sends a message tries again until it worked, also on a machine that is too busy for its connections. */
const maxAttempts = 20;

/** Puts an object into the bucket as a person would. @returns its ETag, with quotes */
export async function dropFile(
  { clientSettings, bucket }: Target,
  Key: string,
  Body: string | Buffer,
): Promise<string> {
  const s3 = new S3Client({ ...clientSettings(), maxAttempts });
  const { ETag = "" } = await s3.send(
    // Without its length the SDK takes an empty body for a stream, and prints a warning.
    new PutObjectCommand({
      Bucket: bucket,
      Key,
      Body,
      ContentLength: Buffer.byteLength(Body),
      ContentType: "application/json",
    }),
  );
  s3.destroy();
  return ETag;
}

const file =
  (body: string | Buffer, folder = ""): Drop =>
  async (target, name) => {
    const key = `${folder}${name}.json`;
    await dropFile(target, key, body);
    return key;
  };

const message: Drop = async ({ clientSettings, stack }, name) => {
  const QueueUrl = String(stack.output(queueOutputs(stages.enrich.queue).url));
  const sqs = new SQSClient({ ...clientSettings(), maxAttempts });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ name }) }));
  sqs.destroy();
  return name;
};

const webhook: Drop = async ({ crm }) => {
  const { leadIds } = await crm.sendLead(crm.sources[0] ?? "", { message: "No way to reach me." });
  return leadIds[0] ?? "";
};

const lead = { email: "grace@example.com" };

export const kinds: readonly { readonly kind: string; readonly errorClass: RejectionCode; readonly drop: Drop }[] = [
  { kind: "a webhook without contact", errorClass: "NoContact", drop: webhook },
  { kind: "a file that is not JSON", errorClass: "NotJson", drop: file('{"email": "grace@') },
  { kind: "a file that is not text", errorClass: "NotJson", drop: file(Buffer.from([0x7b, 0xff, 0xc3, 0x28])) },
  { kind: "a file in UTF-16", errorClass: "IsUtf16", drop: file(Buffer.from("\ufeff{}", "utf16le")) },
  { kind: "a CSV file", errorClass: "IsCsv", drop: file("name,email\nGrace,grace@example.com\n") },
  { kind: "an empty file", errorClass: "NotJson", drop: file("") },
  { kind: "a file nested too deep", errorClass: "TooDeep", drop: file(`${"[".repeat(5000)}${"]".repeat(5000)}`) },
  { kind: "a file with no leads", errorClass: "NoLeads", drop: file("[]") },
  { kind: "a file with a number", errorClass: "NotALead", drop: file("42") },
  { kind: "a file with too many leads", errorClass: "TooManyLeads", drop: file(JSON.stringify(Array(101).fill(lead))) },
  { kind: "a file too large", errorClass: "TooLarge", drop: file(JSON.stringify({ ...lead, x: "x".repeat(300_000) })) },
  { kind: "a message that is no event", errorClass: "NotAnObjectEvent", drop: message },
  { kind: "an enriched object that is not JSON", errorClass: "NotJson", drop: file("{", enrichedPrefix) },
  { kind: "an enriched object that is no lead", errorClass: "InvalidLead", drop: file("{}", enrichedPrefix) },
];

/** Sends an invalid lead of one of the kinds, in turn. */
export async function sendInvalidLead(target: Target, index: number): Promise<InvalidLead> {
  const { kind, errorClass, drop } = kinds[index % kinds.length] as (typeof kinds)[number];
  return { kind, errorClass, mark: await drop(target, `invalid-${randomUUID()}`) };
}
