/** A server that gives canned answers to every call of AWS and Slack, at once. It runs in a process of its own. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sourceFormats } from "../../functions/sources/index.ts";
import { filledSettings, settingsText } from "../../functions/sources/settings.ts";
import { benchLead } from "./bench-lead.ts";

const raw = JSON.stringify({
  id: "42",
  first_name: " JANE ",
  last_name: "ROE",
  email: "Jane.Roe@Mail.Acme.co.uk",
  phone: "020 7946 0958",
  country: "United Kingdom",
  company: "Acme Ltd",
  employees: "51-200",
  job_title: "CTO",
  message: "Hello there, please call me tomorrow.",
  url: "https://crm.example.com/42",
});
const enriched = JSON.stringify(benchLead);

const settings = settingsText(filledSettings(sourceFormats["standard-webhooks"], {}));

/** Settings of a source, or a webhook's URL. */
function parameters(request: string, host = "") {
  const { Names } = JSON.parse(request) as { Names: string[] };
  const read = (name: string) => (name.endsWith("/settings") ? settings : `http://${host}/slack`);
  return { Parameters: Names.map((Name) => ({ Name, Value: read(Name) })) };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const text = Buffer.concat(chunks).toString();
    const target = String(request.headers["x-amz-target"] ?? "");
    if (request.url?.startsWith("/slack")) return response.end("ok");
    if (target) {
      const slot = { Attributes: { nextTurnAt: { N: "0" } } };
      const isParameters = target.endsWith("GetParameters");
      const body = isParameters ? parameters(text, request.headers.host) : target.endsWith("UpdateItem") ? slot : {};
      return response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
    }
    if (request.method === "GET") {
      const body = request.url?.includes("enriched") ? enriched : raw;
      const headers = {
        etag: '"e"',
        "last-modified": new Date(0).toUTCString(),
        "content-length": Buffer.byteLength(body),
      };
      return response.writeHead(200, headers).end(body);
    }
    return response.writeHead(200, { etag: '"e"' }).end();
  });
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit());
