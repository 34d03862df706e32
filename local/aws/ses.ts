import type { Server } from "node:http";
import sesLocal from "aws-ses-v2-local";
import { clearStore, getStoreReadonly } from "aws-ses-v2-local/dist/store.js";
import { Pool } from "undici";
import type { Place } from "../stack/computed.ts";
import { type ApiRequest, type Backend, jsonBody } from "./call.ts";
import { proxied } from "./proxy.ts";
import { ServiceError } from "./service-error.ts";
import type { SesSettings } from "./ses-settings.ts";

/** A SendEmail request, as far as the run looks into it. */
export interface SendEmailInput {
  readonly FromEmailAddress?: string;
  readonly Destination?: Readonly<
    Record<"ToAddresses" | "CcAddresses" | "BccAddresses", readonly string[] | undefined>
  >;
  readonly Content?: { readonly Simple?: { readonly Headers?: readonly { Name: string; Value: string }[] } };
}

export interface LocalSes extends Backend {
  /** Where the mails can be read in a browser. */
  readonly mailboxUrl: string;
  /** Forgets what came before. */
  forget(before: Date): void;
  stop(): Promise<void>;
}

const bare = (address: string) => (/<([^>]+)>\s*$/.exec(address)?.[1] ?? address).trim().toLowerCase();
const domain = (address: string) => address.slice(address.lastIndexOf("@") + 1);

const recipientsOf = ({ Destination: to }: SendEmailInput) =>
  [to?.ToAddresses, to?.CcAddresses, to?.BccAddresses].flatMap((addresses) => addresses ?? []).map(bare);

let running = 0;

/** SES v2 on aws-ses-v2-local, whose store is one for the whole process: it is emptied while no other run uses it. */
export async function startSes({ region }: Place, { identities, sandbox }: SesSettings): Promise<LocalSes> {
  const server: Server = await sesLocal.default({ host: "127.0.0.1", port: 0 });
  const address = server.address();
  const mailboxUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const pool = new Pool(mailboxUrl);
  if (running === 0) clearStore();
  running += 1;

  const known = new Set(identities.map((identity) => identity.toLowerCase()));
  const identityOf = (mail: string) => [mail, domain(mail)].find((identity) => known.has(identity));

  const requireVerified = (input: SendEmailInput) => {
    const checked = [bare(input.FromEmailAddress ?? ""), ...(sandbox ? recipientsOf(input) : [])];
    const failing = checked.filter((mail) => identityOf(mail) === undefined);
    if (failing.length === 0) return;
    throw new ServiceError(
      400,
      "MessageRejected",
      `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${failing.join(", ")}`,
    );
  };

  return {
    service: "ses",
    mailboxUrl,
    forget: (before) => {
      const { emails } = getStoreReadonly();
      const first = emails.findIndex(({ at }) => at * 1000 >= before.getTime());
      emails.splice(0, first === -1 ? emails.length : first);
    },
    describe: (request) => ({
      operation: operations[`${request.method} ${request.path}`] ?? `${request.method} ${request.path}`,
      parameters: jsonBody(request),
    }),
    handle: async (request: ApiRequest, { operation, parameters }) => {
      if (operation === "SendEmail") requireVerified(parameters as SendEmailInput);
      const answer = await proxied(pool, request);
      if (answer.status < 400) return answer;
      const { detail, message } = JSON.parse(answer.body.toString("utf8")) as { detail?: string; message?: string };
      throw new ServiceError(answer.status, "BadRequestException", detail ?? message ?? "Bad request");
    },
    stop: async () => {
      running -= 1;
      await pool.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const operations: Record<string, string> = {
  "POST /v2/email/outbound-emails": "SendEmail",
  "POST /v2/email/outbound-bulk-emails": "SendBulkEmail",
  "GET /v2/email/account": "GetAccount",
};
