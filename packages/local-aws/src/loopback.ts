import dgram from "node:dgram";
import dns from "node:dns";
import { once } from "node:events";
import { syncBuiltinESMExports } from "node:module";
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

/** Starts a server on 127.0.0.1. @param port 0 is any free one @returns its URL, without a slash at the end */
export async function listen(server: Server, port = 0): Promise<string> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

// biome-ignore lint/complexity/noBannedTypes: the guard wraps methods of any signature and passes their arguments on.
type Method = Function;
type Undo = () => void;

/** Replaces a method by one that is given the original. @returns what puts the original back */
function wrap<T extends object>(owner: T, name: string, wrapper: (original: Method) => Method): Undo {
  const original = Reflect.get(owner, name) as Method;
  // `util.promisify` knows some of them by a symbol of theirs.
  const properties = Object.getOwnPropertyDescriptors(original);
  Reflect.set(owner, name, Object.defineProperties(wrapper(original), properties));
  return () => Reflect.set(owner, name, original);
}

/** Node calls `connect` with a port, a path, options, or (internally) an array of options and callback. */
function hostOf(args: unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === "object" && first !== null) {
    const options = first as NetConnectOpts & { host?: string; path?: string };
    return options.path ? "localhost" : (options.host ?? "localhost");
  }
  return typeof second === "string" ? second : "localhost";
}

const guardSockets = (): Undo =>
  wrap(
    Socket.prototype,
    "connect",
    (connect) =>
      function (this: Socket, ...args: unknown[]) {
        const host = hostOf(args);
        if (isLoopback(host)) return connect.apply(this, args);
        process.nextTick(() => this.destroy(new NotLoopbackError(host)));
        return this;
      },
  );

/** `send(message, [offset, length,] [port [, address]] [, callback])` and `connect(port [, address] [, callback])`. */
const guardDatagrams = (): Undo[] =>
  ["send", "connect"].map((name) =>
    wrap(
      dgram.Socket.prototype,
      name,
      (method) =>
        function (this: dgram.Socket, ...args: unknown[]) {
          const host = args.slice(1).find((argument) => typeof argument === "string");
          if (typeof host === "string" && !isLoopback(host)) throw new NotLoopbackError(host);
          return method.apply(this, args);
        },
    ),
  );

const queriesOf = (owner: object) =>
  Object.getOwnPropertyNames(owner).filter((name) => /^(lookup|resolve|reverse)/.test(name));

/** Every way in which Node asks for a name: by callback or promise, by the system's resolver or Node's own. */
function guardNames(): Undo[] {
  const byCallback = (query: Method) =>
    function (this: unknown, host: string, ...rest: unknown[]) {
      if (isLoopback(host)) return query.call(this, host, ...rest);
      const callback = rest.at(-1);
      if (typeof callback === "function") process.nextTick(() => callback(new NotLoopbackError(host)));
    };
  const byPromise = (query: Method) =>
    async function (this: unknown, host: string, ...rest: unknown[]) {
      if (!isLoopback(host)) throw new NotLoopbackError(host);
      return query.call(this, host, ...rest);
    };
  const guarded = (owner: object, wrapper: (query: Method) => Method) =>
    queriesOf(owner).map((name) => wrap(owner, name, wrapper));
  return [
    ...guarded(dns, byCallback),
    ...guarded(dns.Resolver.prototype, byCallback),
    ...guarded(dns.promises, byPromise),
    ...guarded(dns.promises.Resolver.prototype, byPromise),
  ];
}

let guards = 0;
let undos: Undo[] = [];

/**
 * Makes every connection of this thread to anything but loopback fail, in every library: TCP, UDP and DNS.
 * @returns what ends it; the guard is gone when everybody who set it has ended it
 */
export function guardNetwork(): Undo {
  guards += 1;
  if (guards === 1) {
    undos = [guardSockets(), ...guardDatagrams(), ...guardNames()];
    syncBuiltinESMExports();
  }
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    guards -= 1;
    if (guards > 0) return;
    for (const undo of undos.splice(0)) undo();
    syncBuiltinESMExports();
  };
}

/**
 * Puts the user's own AWS settings out of reach: removes AWS_* and SMTP_TRANSPORT (the mailbox would forward by it), and
 * points the SDK's files at nothing.
 */
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
