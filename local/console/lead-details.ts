import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Environment } from "../../environments/environment.ts";
import { Output } from "../../flow.ts";
import { isFile, leadRef, memberLeadId, rawObjectLeadId } from "../../functions/lead/lead-id.ts";
import { correlationIdOf } from "../../functions/runtime/object-created.ts";
import { declarationOf } from "../../functions/sources/index.ts";
import { fieldsOf } from "../../try/report.ts";
import { type TriedLead, tryPayload, tryStoredLead } from "../../try/try-payload.ts";
import type { Followed, SeenObject } from "../journal/entry.ts";
import { leadIdsInMessage } from "../lead-ids.ts";
import { linesOf as readLines } from "../logs/lines.ts";
import type { Platform } from "../platform.ts";
import type { LeadDetails, LeadDocument, LeadLine, LeadReading } from "./shapes/leads.ts";

export type ReadParts = Pick<
  Platform,
  "bucket" | "chats" | "clientSettings" | "deadLetters" | "logs" | "mails" | "sources" | "stack"
>;

interface ReadObject {
  readonly body: Uint8Array;
  readonly etag: string;
}

/** Bytes of an object, log lines and messages that are shown. */
const most = { bytes: 100_000, lines: 200, messages: 5 } as const;

/**
 * Returns what reads all of a lead that the journal does not keep. What is not there any more is left out, and so is what a
 * service does not give while a fault is on.
 */
export function createLeadReader(parts: ReadParts, environment: Environment) {
  const settings = { ...parts.clientSettings(), maxAttempts: 1 };
  const [s3, dynamodb] = [new S3Client(settings), new DynamoDBClient(settings)];
  const objectOf = async (object: SeenObject | undefined): Promise<ReadObject | undefined> => {
    if (!object) return undefined;
    const { key: Key, versionId: VersionId } = object;
    const { Body, ETag = "" } = await s3.send(new GetObjectCommand({ Bucket: parts.bucket, Key, VersionId }));
    return Body && { body: await Body.transformToByteArray(), etag: ETag };
  };
  const claimOf = async (id: string | undefined) => {
    if (id === undefined) return undefined;
    const TableName = String(parts.stack.output(Output.ledgerTable));
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }));
    return Item && Object.fromEntries(Object.entries(Item).map(([name, { S, N }]) => [name, S ?? N]));
  };
  return async (followed: Followed): Promise<LeadDetails> => {
    const [raw, fetched, enriched, claim, lines = []] = await Promise.all([
      orNothing(objectOf(followed.raw)),
      orNothing(objectOf(followed.fetched)),
      orNothing(objectOf(followed.enriched)),
      orNothing(claimOf(followed.claim)),
      orNothing(linesOf(followed, parts)),
    ]);
    const found: (LeadDocument | undefined)[] = [
      raw && { of: "stored", title: "Raw object", value: shown(raw) },
      fetched && { of: "fetched", title: "Fetched record", value: shown(fetched) },
      enriched && { of: "enriched", title: "Enriched lead", value: shown(enriched) },
      claim && { of: "claimed", title: "Claim in the ledger, as it is now", value: claim },
      ...messagesOf(followed.row.id, parts),
      ...mailsOf(followed, parts),
      ...lettersOf(followed.row.id, parts),
    ];
    const verification = verificationOf(followed, parts);
    const reading = raw && (await orNothing(readingOf(followed, raw, fetched, { ...parts, environment })));
    return {
      documents: found.filter((one) => one !== undefined),
      ...(verification && { verification }),
      ...(reading && { reading }),
      lines,
    };
  };
}

const orNothing = <T>(found: Promise<T>): Promise<T | undefined> => found.catch(() => undefined);

/** JSON as a value, and anything else as its text; of a large object the start. */
function shown({ body }: ReadObject): unknown {
  const text = Buffer.from(body.subarray(0, most.bytes)).toString("utf8");
  if (body.length > most.bytes) return `${text}\n… ${body.length} bytes in all`;
  return parsed(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What ingest's answer says of the proof: it verifies a request before it looks into it. A 5xx says nothing of it. */
function verificationOf({ row, request }: Followed, { sources }: ReadParts): string | undefined {
  const declaration = declarationOf(sources.get(row.source)?.format ?? "");
  if (!request || !declaration || request.status >= 500) return undefined;
  const { title, secrets } = declaration;
  if (request.status === 401)
    return `Not verified by the secret ${secrets[0]} of ${title}, so nothing was looked into.`;
  if (request.status > 400) return "Not verified: the answer came before that.";
  return `Verified by the secret ${secrets[0]} of ${title}.`;
}

/** What the reader finds in the raw object, by the code of `npm run try`. */
async function readingOf(
  { row, raw: seen }: Followed,
  { body, etag }: ReadObject,
  fetched: ReadObject | undefined,
  { sources, environment }: ReadParts & { readonly environment: Environment },
): Promise<LeadReading> {
  const known = Object.hasOwn(environment.sources, row.source) ? row.source : sources.get(row.source)?.format;
  let tried: TriedLead | undefined;
  if (isFile(row.id)) {
    const leads = await tryPayload(body, { environment });
    const fileId = rawObjectLeadId(seen?.key ?? "", etag);
    tried = leads.find((_, index) => memberLeadId(fileId, index, leads.length) === row.id);
  } else tried = await tryStoredLead(body, { source: known ?? row.source, environment, record: fetched?.body });
  const { lead, leftAside = [], reason } = tried ?? {};
  // It is tried under an id of its own.
  const fields = lead ? fieldsOf(lead).filter(({ field }) => field !== "id") : [];
  return { fields, leftAside, ...(reason !== undefined && { reason }) };
}

function messagesOf(id: string, { chats }: ReadParts): LeadDocument[] {
  return Object.entries(chats).flatMap(([name, { messages }]) =>
    messages
      .filter(({ leadIds, leadRefs }) => leadIds.includes(id) || leadRefs.includes(leadRef(id)))
      .slice(-most.messages)
      .map(({ channel, payload }) => ({ of: "announced", title: `Message by ${name} in #${channel}`, value: payload })),
  );
}

/** Mails name their leads in a header, as digests do by short names. They are only asked for where one announced the lead. */
function mailsOf({ row, entries }: Followed, { mails }: ReadParts): LeadDocument[] {
  if (!entries.some(({ channel }) => channel === "email")) return [];
  const names = [row.id, leadRef(row.id)];
  return mails()
    .filter(({ headers = [] }) => headers.some(({ value }) => names.some((name) => value.includes(name))))
    .slice(-most.messages)
    .map((mail) => ({ of: "announced", title: `Mail: ${mail.subject}`, value: mail }));
}

function lettersOf(id: string, { deadLetters }: ReadParts): LeadDocument[] {
  return deadLetters
    .contents()
    .filter((letter) => leadIdsInMessage(letter).includes(id) || correlationIdOf(letter) === id)
    .map(({ body, messageAttributes }) => {
      const attributes = Object.entries(messageAttributes).map(([name, { StringValue }]) => [name, StringValue]);
      return {
        of: "dead-lettered",
        title: "Dead letter",
        value: { ...Object.fromEntries(attributes), body: parsed(body) },
      };
    });
}

/** The functions' lines that name the lead, and those of its request; from the file where memory has forgotten some. */
async function linesOf({ row, request }: Followed, { logs }: ReadParts): Promise<LeadLine[]> {
  const lines: LeadLine[] = [];
  const ids = [row.id, ...(request ? [request.requestId] : [])];
  for await (const text of readLines(logs.path, async () => false)) {
    if (!ids.some((id) => text.includes(id))) continue;
    const { function: name, line } = parsed(text) as Partial<LeadLine>;
    if (name !== undefined && line !== undefined && !line.startsWith('{"_aws"')) lines.push({ function: name, line });
  }
  return lines.slice(-most.lines);
}
