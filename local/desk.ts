import type { IncomingMessage, ServerResponse } from "node:http";
import { PutObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { LocalAws } from "local-aws";
import type { Crm } from "./crm.ts";
import { SimulatedServer } from "./simulated-server.ts";

/** Addresses for curl: a lead can be sent and a file dropped without signing anything. */
export class Desk extends SimulatedServer<Record<never, never>> {
  readonly #crm: Crm;
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(crm: Crm, { clientSettings }: Pick<LocalAws, "clientSettings">, bucket: string) {
    super();
    this.#crm = crm;
    this.#s3 = new S3Client(clientSettings());
    this.#bucket = bucket;
  }

  override stop(): Promise<void> {
    this.#s3.destroy();
    return super.stop();
  }

  protected async serve(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const [status, text] = await this.#answer(request.method ?? "", request.url ?? "/", body);
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
  }

  async #answer(method: string, url: string, body: Buffer): Promise<[number, string]> {
    const [, place, rest = ""] = /^\/(crm|bucket)\/(.+)$/.exec(url) ?? [];
    if (place === "crm" && method === "POST") {
      const source = decodeURIComponent(rest);
      const signed = this.#crm.sign(source, body.toString("utf8"));
      const { status, body: text } = await this.#crm.send(signed, source, [], 1);
      return [status || 502, text];
    }
    if (place === "bucket" && method === "PUT") return this.#store(decodeURIComponent(rest), body);
    return [404, `POST ${this.url}/crm/SOURCE sends a lead; PUT ${this.url}/bucket/KEY drops a file.`];
  }

  async #store(Key: string, Body: Buffer): Promise<[number, string]> {
    try {
      const object = { Bucket: this.#bucket, Key, Body, ContentLength: Body.length, ContentType: "application/json" };
      await this.#s3.send(new PutObjectCommand(object));
      return [200, `stored as ${Key}`];
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error;
      return [error.$metadata.httpStatusCode ?? 500, `${error.name}: ${error.message}`];
    }
  }
}
