import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen, readBody, requestListener } from "local-aws";
import { refuseConnections } from "./refuse-connections.ts";

/** Something simulated that has an HTTP server, on a free port of this machine. A request that breaks off is not served. */
export abstract class SimulatedServer<Events extends Record<keyof Events, unknown[]>> extends EventEmitter<Events> {
  /** Without a slash at the end; empty until the start. */
  url = "";
  readonly #server = createServer(
    requestListener(async (request, response) => {
      const received = await readBody(request);
      if (received) await this.serve(request, received.content, response);
    }),
  );

  /** Answers a request whose body has been read. */
  protected abstract serve(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> | void;

  async start(): Promise<void> {
    this.url = await listen(this.#server);
  }

  /** Refuses connections, and ends those that it has. @returns what lets it listen again, at the same URL */
  refuse(): Promise<() => Promise<void>> {
    return refuseConnections(this.#server, () => this.#server.closeAllConnections());
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Removes the entries from before a time. @param list the oldest first */
export function forgetBefore(list: { readonly at: number }[], time: Date): void {
  const first = list.findIndex(({ at }) => at >= time.getTime());
  list.splice(0, first === -1 ? list.length : first);
}
