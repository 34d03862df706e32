import { connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { listen } from "local-aws";
import { refuseConnections } from "../refuse-connections.ts";

/** Another address of the gateway, for one service, which can refuse connections while the gateway works on. */
export class Door {
  /** Of the door. Empty until the start. */
  url = "";
  /** URL of the gateway, which has to be known before the first connection comes. */
  target = "";
  readonly #connections = new Set<Socket>();
  readonly #server = createServer((client) => {
    const { hostname, port } = new URL(this.target);
    this.#connections.add(client);
    pipeline(client, connect(Number(port), hostname), client, () => this.#connections.delete(client));
  });

  async start(): Promise<void> {
    this.url = await listen(this.#server);
  }

  /** Refuses connections, and ends those that it has. @returns what opens it again, at the same URL */
  refuse(): Promise<() => Promise<void>> {
    return refuseConnections(this.#server, () => this.#endConnections());
  }

  async stop(): Promise<void> {
    this.#endConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #endConnections(): void {
    for (const connection of this.#connections) connection.destroy();
  }
}
