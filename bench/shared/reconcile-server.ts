/**
 * S3 and DynamoDB for the benchmark of reconciliation: a bucket of so many raw leads, which are all enriched and announced but
 * for one of 4,096. It runs in a process of its own, so only our side counts.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { enrichedKey, rawKey, webhookLeadId } from "../../functions/lead/lead-id.ts";
import { enrichedLead } from "../../tests/helpers/leads.ts";
import { createdAt, isMissing } from "./reconcile-leads.ts";

const ids = Array.from({ length: Number(process.argv[2]) }, (_, index) => webhookLeadId("website", index)).sort();
const day = (index: number) => new Date(createdAt.getTime() - (index % 2) * 86_400_000);
const about = (time: Date) => `<ETag>"e1"</ETag><Size>900</Size><LastModified>${time.toISOString()}</LastModified>`;
const raw = ids.map((id, index) => ({ key: rawKey(id), time: day(index) }));
const enriched = ids
  .flatMap((id, index) => (isMissing(id) ? [] : [{ id, key: enrichedKey(id, day(index)), time: day(index) }]))
  .sort((a, b) => (a.key < b.key ? -1 : 1));
const leads = new Map(enriched.map(({ id, key }) => [`/leads/${key}`, id]));
const lastModified = createdAt.toUTCString();

/** A page of a listing. Its token is the place at which the next one begins. */
function page(all: readonly { readonly key: string; readonly time: Date }[], start: number, entry: string, more = "") {
  const entries = all.slice(start, start + 1000);
  const next = start + entries.length;
  const isTruncated = next < all.length;
  const tokens = `<NextContinuationToken>${next}</NextContinuationToken><NextKeyMarker>${next}</NextKeyMarker>`;
  const listed = entries.map(({ key, time }) => `<${entry}><Key>${key}</Key>${about(time)}${more}</${entry}>`).join("");
  return `<R><IsTruncated>${isTruncated}</IsTruncated>${isTruncated ? tokens : ""}${listed}</R>`;
}

function dynamo(body: string) {
  const { RequestItems } = JSON.parse(body) as { RequestItems?: { ledger: { Keys: { id: { S: string } }[] } } };
  if (!RequestItems) return { Item: { destinations: { SS: ["#sales"] } } };
  return { Responses: { ledger: RequestItems.ledger.Keys.map((key) => ({ ...key, state: { S: "sent" } })) } };
}

function answer(path: string, query: URLSearchParams, body: string): string | undefined {
  if (body !== "") return JSON.stringify(dynamo(body));
  if (query.has("versions")) {
    return page(raw, Number(query.get("key-marker") ?? 0), "Version", "<VersionId>v1</VersionId>");
  }
  if (query.has("list-type")) {
    const below = enriched.filter(({ key }) => key.startsWith(query.get("prefix") ?? ""));
    return page(below, Number(query.get("continuation-token") ?? 0), "Contents");
  }
  const id = leads.get(path);
  if (id !== undefined) return JSON.stringify(enrichedLead({ id }));
  return path.startsWith("/leads/enriched/") ? undefined : '{"email":"jane@acme.example"}';
}

const server = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
  const text = answer(decodeURIComponent(pathname), searchParams, body);
  const headers = { etag: '"e1"', "last-modified": lastModified };
  if (text === undefined) response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
  else response.writeHead(200, headers).end(text);
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
