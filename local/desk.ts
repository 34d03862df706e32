import type { IncomingMessage, ServerResponse } from "node:http";
import { operator } from "../packages/local-aws/src/aws/call.ts";
import type { Gateway } from "../packages/local-aws/src/aws/gateway.ts";
import type { Crm } from "./senders/standard-webhooks.ts";
import { StandInServer } from "./simulated-server.ts";

/** The operator's desk: addresses for curl, so that a lead can be sent or a file dropped without signing anything. */
export class Desk {
  url = "";
  readonly #crm: Crm;
  readonly #gateway: Gateway;
  readonly #bucket: string;
  readonly #server = new StandInServer((request, body, response) => this.#serve(request, body, response));

  constructor(crm: Crm, gateway: Gateway, bucket: string) {
    this.#crm = crm;
    this.#gateway = gateway;
    this.#bucket = bucket;
  }

  async start(): Promise<void> {
    this.url = await this.#server.start();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  async #serve(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const [status, text] = await this.#answer(request.method ?? "", request.url ?? "/", body);
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
  }

  async #answer(method: string, url: string, body: Buffer): Promise<[number, string]> {
    const [, place, rest = ""] = /^\/(crm|bucket)\/(.+)$/.exec(url) ?? [];
    if (place === "crm" && method === "POST") {
      const source = decodeURIComponent(rest);
      const signed = this.#crm.sign(source, body.toString("utf8"));
      const { status, body: text } = await this.#crm.send(signed, source, undefined, 0);
      return [status || 502, text];
    }
    if (place === "bucket" && method === "PUT") {
      const answer = await this.#gateway.call(operator, "s3", {
        method: "PUT",
        path: `/${this.#bucket}/${rest}`,
        query: new URLSearchParams(),
        headers: { "content-type": "application/json" },
        body,
      });
      return [
        answer.status,
        answer.status === 200 ? `stored as ${decodeURIComponent(rest)}` : answer.body.toString("utf8"),
      ];
    }
    return [404, `POST ${this.url}/crm/SOURCE sends a lead; PUT ${this.url}/bucket/KEY drops a file.`];
  }
}
