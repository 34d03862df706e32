import type { IncomingMessage, ServerResponse } from "node:http";
import { forgetBefore, SimulatedServer } from "./simulated-server.ts";

export interface Page {
  readonly at: number;
  readonly subject: string;
  readonly message: string;
}

/** Simulates PagerDuty's integration with CloudWatch: takes what SNS posts, and keeps it. */
export class Pager extends SimulatedServer<{ page: [Page] }> {
  readonly pages: Page[] = [];

  get integrationUrl(): string {
    return `${this.url}/integration/local/enqueue`;
  }

  forget(before: Date): void {
    forgetBefore(this.pages, before);
  }

  protected serve(_request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const page = readPage(body.toString("utf8"));
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
