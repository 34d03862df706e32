/** Sources of the small pipeline's functions: what the real ones do, without an SDK and without care. */

const aws = `
import { request } from "node:http";
export function call(service, method, path, headers = {}, body = "") {
  const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_REGION } = process.env;
  const authorization = "AWS4-HMAC-SHA256 Credential=" + AWS_ACCESS_KEY_ID + "/20260101/" + AWS_REGION + "/" + service + "/aws4_request, SignedHeaders=host, Signature=0";
  return post(AWS_ENDPOINT_URL + path, method, { authorization, ...headers }, body);
}
export function post(url, method, headers, body) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk)).on("end", () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() }));
    });
    sent.on("error", reject).end(body);
  });
}
`;

const ingest = `
import { createHash } from "node:crypto";
import { call } from "./aws.mjs";
export const handler = async (event) => {
  const { source } = event.pathParameters;
  const id = source + "-" + createHash("sha256").update(event.headers["webhook-id"]).digest("hex").slice(0, 32);
  const stored = await call("s3", "PUT", "/" + process.env.LEADS_BUCKET + "/" + id + ".json", { "if-none-match": "*", "content-type": "application/json" }, event.body);
  console.log("stored", id);
  return { statusCode: stored.status === 200 ? 202 : 200, body: JSON.stringify({ leads: [{ key: id + ".json" }] }) };
};
`;

const enrich = `
import { createHash } from "node:crypto";
import { call } from "./aws.mjs";
export const handler = async (event) => {
  const batchItemFailures = [];
  for (const record of event.Records) {
    const { key, etag } = JSON.parse(record.body).detail.object;
    const path = "/" + process.env.LEADS_BUCKET + "/" + encodeURIComponent(key);
    const raw = await call("s3", "GET", path);
    if (raw.text.includes("poison")) { batchItemFailures.push({ itemIdentifier: record.messageId }); continue; }
    const id = /^[a-z]+-[0-9a-f]{32}\\.json$/.test(key) ? key.slice(0, -5) : "file-" + createHash("sha256").update(key + etag).digest("hex").slice(0, 32);
    await call("s3", "PUT", "/" + process.env.LEADS_BUCKET + "/enriched/dt=2026-01-01/" + id + ".json", { "if-none-match": "*" }, raw.text);
  }
  return { batchItemFailures };
};
`;

const notify = `
import { call, post } from "./aws.mjs";
export const handler = async (event) => {
  const asked = await call("ssm", "POST", "/", { "x-amz-target": "AmazonSSM.GetParameter", "content-type": "application/x-amz-json-1.1" }, JSON.stringify({ Name: process.env.SLACK_WEBHOOK_PARAMETER, WithDecryption: true }));
  const webhook = JSON.parse(asked.text).Parameter.Value;
  for (const record of event.Records) {
    const id = JSON.parse(record.body).detail.object.key.split("/").at(-1).slice(0, -5);
    const said = await post(webhook, "POST", { "content-type": "application/json" }, JSON.stringify({ text: "New lead " + id })).catch(() => ({ status: 0 }));
    if (said.status === 200) continue;
    const mail = {
      FromEmailAddress: "Leads <leads@example.com>",
      Destination: { ToAddresses: ["sales@example.com"] },
      Content: { Simple: { Subject: { Data: "New lead" }, Body: { Text: { Data: id } }, Headers: [{ Name: "X-Lead-Id", Value: id }] } },
    };
    const sent = await call("ses", "POST", "/v2/email/outbound-emails", { "content-type": "application/json" }, JSON.stringify(mail));
    if (sent.status !== 200) throw new Error("neither Slack nor email took it: " + sent.text);
  }
  return { batchItemFailures: [] };
};
`;

const zipOf = (source: string) => ({ "index.mjs": source, "aws.mjs": aws });

export const smallFunctions = { ingest: zipOf(ingest), enrich: zipOf(enrich), notify: zipOf(notify) };
