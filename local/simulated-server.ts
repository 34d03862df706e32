import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "../packages/local-aws/src/loopback.ts";

/** Answers a request whose body has been read. */
export type Serve = (request: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void> | void;

/** The HTTP server of a stand-in, on a free port of this machine. A request that breaks off is not served. */
export class StandInServer {
  readonly #server;

  constructor(serve: Serve) {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of request) chunks.push(chunk as Buffer);
      } catch {
        return;
      }
      await serve(request, Buffer.concat(chunks), response);
    });
  }

  /** @returns the server's URL, without a slash at the end */
  start(): Promise<string> {
    return listen(this.#server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
