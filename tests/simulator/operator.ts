import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { dev } from "../../environments/dev.ts";
import { queueNames, workerNames } from "../../flow.ts";
import type { Finding } from "../../functions/reconcile/finding.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { stoppedLeads } from "../../ops/stopped-leads.ts";
import { ServiceError, type ServiceName } from "../../simulator/faults.ts";
import type { Pipeline } from "../../simulator/pipeline.ts";
import { hubspot } from "../../simulator/services/hubspot.ts";
import type { Json } from "../../simulator/world.ts";

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: Json;
}

/** A client of the SDK whose calls a simulated service answers at once. */
const clientOf = <Client extends object>(
  type: { readonly prototype: Client },
  answer: (operation: string, input: Json) => Json,
): Client =>
  Object.assign(Object.create(type.prototype) as Client, {
    send: async ({ constructor: { name }, input }: Sent) => answer(name.replace(/Command$/, ""), input),
  });

/** Entries in a page of a listing. */
const pageSize = 3;

/** An operator's clients of the services of a simulated pipeline. */
function clientsOf(pipeline: Pipeline) {
  const serve = (service: ServiceName, operation: string, input: Json) =>
    pipeline.serve({ service, operation, input, stage: "enrich", sentAt: 0 });
  const listed = ({ Prefix = "", Delimiter = "" }: Json) => {
    const isListed = ({ key }: { readonly key: string }) =>
      key.startsWith(`${Prefix}`) && !(Delimiter === "/" && key.includes("/"));
    const newestFirst = pipeline.bucket.versions.filter(isListed).reverse();
    const byKey = newestFirst.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    return byKey.map(({ key, etag, text, createdAt, versionId }) => ({
      Key: key,
      ETag: `"${etag}"`,
      Size: Buffer.byteLength(text),
      LastModified: new Date(createdAt),
      VersionId: versionId,
    }));
  };
  const s3 = clientOf(S3Client, (operation, input) => {
    if (operation === "ListObjectsV2") {
      const after = String(input.ContinuationToken ?? input.StartAfter ?? "");
      const left = listed(input).filter(({ Key }, index, all) => Key > after && Key !== all[index - 1]?.Key);
      const Contents = left.slice(0, pageSize);
      const IsTruncated = left.length > pageSize;
      return { Contents, IsTruncated, ...(IsTruncated && { NextContinuationToken: Contents.at(-1)?.Key }) };
    }
    if (operation === "ListObjectVersions") {
      const all = listed(input);
      const start = all.findIndex(
        ({ Key, VersionId }) => Key === input.KeyMarker && VersionId === input.VersionIdMarker,
      );
      const Versions = all.slice(start + 1, start + 1 + pageSize);
      const last = Versions.at(-1);
      const IsTruncated = start + 1 + pageSize < all.length;
      return { Versions, IsTruncated, NextKeyMarker: last?.Key, NextVersionIdMarker: last?.VersionId };
    }
    try {
      const { Body, ...answer } = serve("S3", operation, input);
      return { ...answer, Body: { transformToByteArray: async () => Buffer.from(String(Body)) } };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const name = operation === "HeadObject" ? "NotFound" : error.name;
      throw new S3ServiceException({ name, $fault: "client", $metadata: { httpStatusCode: error.status } });
    }
  });
  const dynamo = clientOf(DynamoDBClient, (operation, input) => serve("DynamoDB", operation, input));
  const urls = Object.fromEntries(queueNames.map((queue, index) => [`${queue}_queue_url`, workerNames[index]]));
  const sqs = clientOf(SQSClient, (operation, input) => serve("SQS", operation, input));
  const known = pipelineOf((name) => urls[name] ?? { leads_bucket: "leads", ledger_table: "ledger" }[name] ?? name, "");
  return { known, s3: () => s3, dynamo: () => dynamo, sqs: () => sqs };
}

const simulatedSources = { crm: { format: "standard-webhooks" }, [hubspot.name]: { format: hubspot.format } } as const;

/** Finds the leads that stopped before a time and replays them, as `ops reconcile --replay` does. */
export async function reconciled(simulated: Pipeline, to: Date): Promise<Finding[]> {
  const { known, ...ports } = clientsOf(simulated);
  const environment = { ...dev, sources: simulatedSources, defaultCountry: "US" } as const;
  const found: Finding[] = [];
  const options = { from: new Date(0), to, replays: true };
  for await (const finding of stoppedLeads(known, environment, ports, options)) found.push(finding);
  return found;
}
