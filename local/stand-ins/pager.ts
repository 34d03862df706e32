import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "../loopback.ts";

/** What SNS posted. */
export interface Page {
  readonly at: number;
  readonly subject: string;
  readonly message: string;
}

/** A stand-in for PagerDuty's integration with CloudWatch: takes what SNS posts, and keeps it. */
export class Pager extends EventEmitter<{ page: [Page] }> {
  readonly pages: Page[] = [];
  /** The integration URL. */
  url = "";
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  async start(): Promise<void> {
    this.url = `${await listen(this.#server)}/integration/local/enqueue`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const page = readPage(Buffer.concat(chunks).toString("utf8"));
    if (page) {
      this.pages.push(page);
      this.emit("page", page);
    }
    response.writeHead(page ? 202 : 400).end();
  }
}

function readPage(body: string): Page | undefined {
  try {
    const { Subject, Message } = JSON.parse(body) as { Subject?: unknown; Message?: unknown };
    if (typeof Message !== "string") return undefined;
    return { at: Date.now(), subject: String(Subject ?? ""), message: Message };
  } catch {
    return undefined;
  }
}
