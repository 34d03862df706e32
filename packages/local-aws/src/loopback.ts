import dgram from "node:dgram";
import dns from "node:dns";
import { type AddressInfo, isIP, type NetConnectOpts, type Server, Socket } from "node:net";
import { devNull } from "node:os";
import { NotLoopbackError } from "./errors.ts";

/** Whether a host name or address is this machine and cannot be anything else. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  if (bare === "localhost" || bare === "::1") return true;
  return isIP(bare) === 4 && bare.startsWith("127.");
}

/** @throws NotLoopbackError when the URL's host is not this machine */
export function requireLoopback(url: string): URL {
  const parsed = new URL(url);
  if (!isLoopback(parsed.hostname)) throw new NotLoopbackError(parsed.hostname);
  return parsed;
}

/** Starts a server on a free port of 127.0.0.1 and gives its URL, without a slash at the end. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve());
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Connect = (this: Socket, ...args: unknown[]) => Socket;
type Lookup = (host: string, ...rest: unknown[]) => void;

/** Node calls `connect` with a port, a path, options, or (internally) an array of options and callback. */
function hostOf(args: unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === "object" && first !== null) {
    const options = first as NetConnectOpts & { host?: string; path?: string };
    return options.path ? "localhost" : (options.host ?? "localhost");
  }
  return typeof second === "string" ? second : "localhost";
}

let guarded = false;

/** Makes every connection of this thread to anything but loopback fail, whatever library makes it: TCP, UDP and DNS. */
export function guardNetwork(): void {
  if (guarded) return;
  guarded = true;
  const connect = Socket.prototype.connect as unknown as Connect;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    const host = hostOf(args);
    if (isLoopback(host)) return connect.apply(this, args);
    process.nextTick(() => this.destroy(new NotLoopbackError(host)));
    return this;
  } as typeof Socket.prototype.connect;

  const lookup = dns.lookup as unknown as Lookup;
  dns.lookup = ((host: string, ...rest: unknown[]) => {
    if (isLoopback(host)) return lookup(host, ...rest);
    const callback = rest.at(-1);
    if (typeof callback === "function") process.nextTick(() => callback(new NotLoopbackError(host)));
  }) as typeof dns.lookup;

  const send = dgram.Socket.prototype.send as (...args: unknown[]) => void;
  dgram.Socket.prototype.send = function (this: dgram.Socket, ...args: unknown[]) {
    const host = args.findLast((argument) => typeof argument === "string");
    if (args.length > 1 && typeof host === "string" && host !== args[0] && !isLoopback(host)) {
      throw new NotLoopbackError(host);
    }
    send.apply(this, args);
  } as typeof dgram.Socket.prototype.send;
}

/** Puts the user's own AWS set-up out of reach: removes AWS_* and SMTP_TRANSPORT (the mailbox would forward by it) and points the SDK's files at nothing. */
export function forgetAwsSettings(): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("AWS_") || name === "SMTP_TRANSPORT") delete process.env[name];
  }
  Object.assign(process.env, noAwsFiles);
}

/** Environment variables that keep an SDK away from ~/.aws and from a cloud machine's metadata service. */
export const noAwsFiles = {
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: "true",
} as const;
