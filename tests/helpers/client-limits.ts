import { S3Client } from "@aws-sdk/client-s3";

/** What every client of the SDK has. */
interface SdkClient {
  readonly config: { readonly requestHandler: object; maxAttempts(): Promise<number> };
}
interface Handler {
  readonly configProvider: Promise<{ readonly requestTimeout?: number }>;
}

/** The milliseconds for an attempt of a client, and its attempts of a call. */
export async function limitsOf({ config }: SdkClient): Promise<readonly [milliseconds: number, attempts: number]> {
  const { requestTimeout = Number.POSITIVE_INFINITY } = await (config.requestHandler as Handler).configProvider;
  return [requestTimeout, await config.maxAttempts()];
}

/** The limits of the clients that send something meanwhile, by the names of their classes. */
export async function limitsInUse(work: () => Promise<unknown>): Promise<Readonly<Record<string, unknown>>> {
  const used = new Set<SdkClient>();
  // The class that all clients extend.
  const { prototype } = Object.getPrototypeOf(S3Client) as { prototype: { send(...about: unknown[]): unknown } };
  const { send } = prototype;
  prototype.send = function (this: SdkClient, ...about) {
    used.add(this);
    return send.apply(this, about);
  };
  try {
    await work();
  } finally {
    prototype.send = send;
  }
  const limits = [...used].map(async (client) => [client.constructor.name, await limitsOf(client)] as const);
  return Object.fromEntries(await Promise.all(limits));
}
