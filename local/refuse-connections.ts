import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";

/**
 * Ends a server's listening: from now on the system refuses every connection to its address.
 * @param endConnections ends the connections that the server has
 * @returns what lets it listen again, at the same address
 */
export async function refuseConnections(server: Server, endConnections: () => void): Promise<() => Promise<void>> {
  const { address, port } = server.address() as AddressInfo;
  const closed = once(server, "close");
  server.close();
  endConnections();
  await closed;
  return async () => {
    server.listen(port, address);
    await once(server, "listening");
  };
}
