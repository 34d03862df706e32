import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "undici";
import type { ApiAnswer, ApiRequest, EndpointName } from "../src/aws/call.ts";
import { proxied } from "../src/aws/proxy.ts";
import { LocalAwsError } from "../src/errors.ts";
import { listen } from "../src/loopback.ts";

/** https://docs.getmoto.org/en/latest/docs/server_mode.html */
export interface Moto {
  readonly version: string;
  answer(service: EndpointName, request: ApiRequest): Promise<ApiAnswer>;
  stop(): Promise<void>;
}

/** Milliseconds for which moto may load. */
const patience = 30_000;

/** The version of moto on this machine; undefined when there is none. */
export function motoVersion(): string | undefined {
  const { status, stdout } = spawnSync("python3", ["-c", "import moto.server; print(moto.__version__)"]);
  return status === 0 ? stdout.toString().trim() : undefined;
}

async function freePort(): Promise<string> {
  const server = createServer();
  const { port } = new URL(await listen(server));
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ready(pool: Pool, server: ChildProcess): Promise<void> {
  for (const until = Date.now() + patience; Date.now() < until && server.exitCode === null; await pause(100)) {
    const answer = await pool.request({ method: "GET", path: "/moto-api/" }).catch(() => undefined);
    await answer?.body.dump();
    if (answer?.statusCode === 200) return;
  }
  throw new LocalAwsError("Moto", "moto's server did not start.");
}

/** Starts moto for an account on a free port of this machine. */
export async function startMoto(version: string, account: string, region: string): Promise<Moto> {
  const port = await freePort();
  const server = spawn("python3", ["-m", "moto.server", "-H", "127.0.0.1", "-p", port], {
    stdio: "ignore",
    env: { PATH: process.env.PATH, HOME: process.env.HOME, MOTO_ACCOUNT_ID: account },
  });
  const pool = new Pool(`http://127.0.0.1:${port}`);
  const stop = async () => {
    await pool.destroy();
    server.kill();
  };
  await ready(pool, server).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    version,
    answer: (service, request) => {
      const scope = `Credential=AKIAMOTO/20260101/${region}/${service}/aws4_request`;
      const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`;
      // moto finds the service by the signature's scope.
      return proxied(pool, { ...request, headers: { ...request.headers, authorization } });
    },
    stop,
  };
}
