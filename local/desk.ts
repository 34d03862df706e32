import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PutObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { type LocalAws, listen, readBody, requestListener } from "local-aws";
import type { Crm } from "./crm.ts";
import { leadIdsHeader } from "./lead-ids.ts";

/** What is answered. `leadIds` are those of the leads that were accepted. */
type Answer = [status: number, line: string, leadIds?: readonly string[]];

/** Ports that are tried after the one that was asked for. */
const furtherPorts = 50;

const isLocalName = (hostname: string) => ["localhost", "127.0.0.1", "[::1]"].includes(hostname);

/**
 * Whether a page of somebody else's cannot have made a request. A name that points at this machine (DNS rebinding) is refused
 * by its Host, and a page on another address or port by its Origin, which browsers send with everything that changes something.
 * Programs such as curl send no Origin.
 */
export function isOwnRequest({ host = "", origin }: IncomingMessage["headers"], port: number): boolean {
  const { hostname, port: named } = URL.parse(`http://${host}`) ?? { hostname: "", port: "" };
  if (!isLocalName(hostname) || (named || "80") !== String(port)) return false;
  return origin === undefined || origin === `http://${host}`;
}

/** The run's own address: curl sends a lead or drops a file there without signing anything, and a browser gets the console. */
export class Desk {
  /** Without a slash at the end; empty until the start. */
  url = "";
  /** Answers what is not for curl. @default with 404 */
  pages: RequestListener | undefined;
  readonly #crm: Crm;
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #server = createServer(requestListener((request, response) => this.#serve(request, response)));

  constructor(crm: Crm, { clientSettings }: Pick<LocalAws, "clientSettings">, bucket: string) {
    this.#crm = crm;
    this.#s3 = new S3Client(clientSettings());
    this.#bucket = bucket;
  }

  /** @param port the next free one is taken when another program has it. 0 is any free port */
  async start(port = 0): Promise<void> {
    for (let tried = 0; ; tried++) {
      try {
        this.url = await listen(this.#server, port === 0 ? 0 : port + tried);
        return;
      } catch (error) {
        const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
        if (!isTaken || tried === furtherPorts) throw error;
      }
    }
  }

  async stop(): Promise<void> {
    this.#s3.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = (...[status, line, leadIds = []]: Answer) => {
      const named = leadIds.length > 0 ? { [leadIdsHeader]: leadIds.join(",") } : {};
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...named }).end(`${line}\n`);
    };
    if (!isOwnRequest(request.headers, (this.#server.address() as AddressInfo).port)) {
      text(403, `Only this machine is answered, at ${this.url}. The Host or Origin of the request is another one.`);
      return;
    }
    const [, place = "", rest = ""] = /^\/(crm|bucket)\/(.+)$/.exec(request.url ?? "") ?? [];
    if (place === "" && this.pages) return this.pages(request, response);
    const received = await readBody(request);
    if (received)
      text(...(await this.#answer(`${request.method} ${place}`, decodeURIComponent(rest), received.content)));
  }

  async #answer(what: string, name: string, body: Buffer): Promise<Answer> {
    if (what === "POST crm") {
      const crm = this.#crm;
      const sent =
        body.length === 0 ? crm.sendMadeUp(name) : crm.send(crm.sign(name, body.toString("utf8")), name, [], 1);
      const { status, body: answer, leadIds } = await sent;
      return [status || 502, answer, leadIds];
    }
    if (what === "PUT bucket") return this.#store(name, body);
    return [
      404,
      `POST ${this.url}/crm/SOURCE sends what is posted, or a made-up lead; PUT ${this.url}/bucket/KEY drops a file.`,
    ];
  }

  async #store(Key: string, Body: Buffer): Promise<Answer> {
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
