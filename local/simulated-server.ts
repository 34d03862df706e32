import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen, readBody, requestListener } from "local-aws";

/** Answers a request whose body has been read. */
export type Serve = (request: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void> | void;

/** The HTTP server of something simulated, on a free port of this machine. A request that breaks off is not served. */
export class SimulatedServer {
  readonly #server;

  constructor(serve: Serve) {
    const listener = requestListener(async (request, response) => {
      const received = await readBody(request);
      if (received) await serve(request, received.content, response);
    });
    this.#server = createServer(listener);
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
