import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { CreateTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";

interface StoredObject {
  readonly text: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface SlackPost {
  readonly channel: string;
  readonly text: string;
  /** Milliseconds of the process's own clock. */
  readonly at: number;
}

type Json = Readonly<Record<string, unknown>>;

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/**
 * The AWS services and the Slack that the functions call, on one loopback port. It keeps what it is given and checks no
 * permission. DynamoDB is dynalite, so that conditions hold.
 */
export class FakeAws {
  /** By `BUCKET/KEY`. */
  readonly objects = new Map<string, StoredObject>();
  /** Secrets by the name of their SSM parameter. */
  readonly parameters = new Map<string, string>();
  readonly emails: Json[] = [];
  /** Calls of SQS and SSM, and what they asked for. */
  readonly calls: { readonly operation: string; readonly input: Json }[] = [];
  readonly posts: SlackPost[] = [];
  /** Seconds that Slack asks a channel to wait, taken one by one. Without one it answers ok. */
  readonly slackPauses = new Map<string, number[]>();
  readonly url: string;
  readonly #server: Server;
  readonly #dynalite: Server;
  readonly #dynamo: DynamoDBClient;

  private constructor(server: Server, dynaliteServer: Server) {
    this.#server = server;
    this.#dynalite = dynaliteServer;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#dynamo = new DynamoDBClient({ endpoint: this.url, region: "us-east-1", credentials });
    server.on("request", (request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<FakeAws> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new FakeAws(server, dynalite({ createTableMs: 0 }));
  }

  /** What a function needs in its environment to reach these services. */
  get variables(): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
  }

  async createTable(name: string, key: string): Promise<void> {
    await this.#dynamo.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
        KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
      }),
    );
  }

  /** Every item of a table. */
  async items(table: string) {
    return (await this.#dynamo.send(new ScanCommand({ TableName: table }))).Items ?? [];
  }

  async stop(): Promise<void> {
    this.#dynamo.destroy();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = String(request.headers["x-amz-target"] ?? "");
    const body = (await buffer(request)).toString("utf8");
    if (target.startsWith("DynamoDB")) {
      const { method, url, headers } = request;
      this.#dynalite.emit(
        "request",
        Object.assign(Readable.from([Buffer.from(body)]), { method, url, headers }),
        response,
      );
      return;
    }
    const path = decodeURIComponent((request.url ?? "").split("?")[0] ?? "").slice(1);
    if (target) return json(response, 200, this.#call(target.split(".")[1] ?? "", JSON.parse(body)));
    if (path.startsWith("slack/")) return this.#post(path.slice("slack/".length), body, response);
    if (path.startsWith("v2/email/")) return this.#email(path, body, response);
    return this.#object(request, path, body, response);
  }

  #call(operation: string, input: Json): Json {
    this.calls.push({ operation, input });
    if (operation === "GetParameters") {
      return { Parameters: (input.Names as string[]).map((Name) => ({ Name, Value: this.parameters.get(Name) })) };
    }
    if (operation !== "SendMessage") return {};
    return { MD5OfMessageBody: createHash("md5").update(String(input.MessageBody)).digest("hex"), MessageId: "m" };
  }

  #post(channel: string, text: string, response: ServerResponse): void {
    this.posts.push({ channel, text, at: performance.now() });
    const pause = this.slackPauses.get(channel)?.shift();
    if (pause === undefined) response.end("ok");
    else response.writeHead(429, { "retry-after": String(pause) }).end("rate_limited");
  }

  #email(path: string, body: string, response: ServerResponse): void {
    if (!path.endsWith("outbound-emails")) {
      response.setHeader("x-amzn-errortype", "NotFoundException");
      json(response, 404, { message: "It is not on the list." });
      return;
    }
    this.emails.push(JSON.parse(body));
    json(response, 200, { MessageId: `email-${this.emails.length}` });
  }

  #object({ method, headers }: IncomingMessage, path: string, text: string, response: ServerResponse): void {
    if (method === "PUT") {
      const metadata = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-meta-"));
      this.objects.set(path, {
        text,
        metadata: Object.fromEntries(metadata.map(([name, value]) => [name, String(value)])),
      });
      response.setHeader("etag", '"e"').end();
      return;
    }
    const object = this.objects.get(path);
    if (!object) return void response.writeHead(404).end();
    const time = new Date("2026-03-01T12:00:00Z").toUTCString();
    response.writeHead(200, { etag: '"e"', "last-modified": time, ...object.metadata }).end(object.text);
  }
}

function json(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
}
