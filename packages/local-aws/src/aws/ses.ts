import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import type { Server } from "node:http";
import sesLocal from "aws-ses-v2-local";
import { clearStore, getStoreReadonly } from "aws-ses-v2-local/dist/store.js";
import { Pool } from "undici";
import type { Place } from "../stack/computed.ts";
import type { ApiAnswer, ApiRequest, Backend } from "./call.ts";
import { proxied } from "./proxy.ts";
import { ServiceError } from "./service-error.ts";
import { SesAccount } from "./ses-account.ts";
import { deliver, type MailboxFault } from "./ses-delivery.ts";
import { describeSes } from "./ses-request.ts";
import type { SesSettings } from "./ses-settings.ts";

/** A SendEmail request, as far as local-aws looks into it. */
export interface SendEmailInput {
  readonly FromEmailAddress?: string;
  readonly Destination?: Readonly<
    Record<"ToAddresses" | "CcAddresses" | "BccAddresses", readonly string[] | undefined>
  >;
  readonly Content?: { readonly Simple?: { readonly Headers?: readonly { Name: string; Value: string }[] } };
  readonly ConfigurationSetName?: string;
}

/** An event of SES that CloudWatch counts. */
export interface EmailEvent {
  /** `BOUNCE`, `COMPLAINT` or `REJECT`. */
  readonly type: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface LocalSes extends Backend {
  /** Where the mails can be read in a browser. */
  readonly mailboxUrl: string;
  /** Addresses whose mailboxes do not simply take what comes; none at the start. */
  readonly faultyMailboxes: Map<string, MailboxFault>;
  readonly events: EventEmitter<{ event: [EmailEvent] }>;
  /** Forgets what came before. */
  forget(before: Date): void;
  stop(): Promise<void>;
}

const bare = (address: string) => (/<([^>]+)>\s*$/.exec(address)?.[1] ?? address).trim().toLowerCase();
const domain = (address: string) => address.slice(address.lastIndexOf("@") + 1);

const lists = ["ToAddresses", "CcAddresses", "BccAddresses"] as const;
const recipientsOf = ({ Destination: to }: SendEmailInput) => lists.flatMap((list) => to?.[list] ?? []).map(bare);

const json = (value: unknown): ApiAnswer => ({
  status: 200,
  headers: { "content-type": "application/json", "x-amzn-requestid": randomUUID() },
  body: JSON.stringify(value),
});

let running = 0;

/** SES v2 on aws-ses-v2-local, whose store is one for the whole process: it is emptied while no other run uses it. */
export async function startSes({ region }: Place, settings: SesSettings): Promise<LocalSes> {
  const { identities, sandbox, configurationSets } = settings;
  const server: Server = await sesLocal.default({ host: "127.0.0.1", port: 0 });
  const address = server.address();
  const mailboxUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const pool = new Pool(mailboxUrl);
  if (running === 0) clearStore();
  running += 1;

  const account = new SesAccount(settings);
  const faults = new Map<string, MailboxFault>();
  const events: LocalSes["events"] = new EventEmitter();
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

  const configurationSetOf = ({ ConfigurationSetName: name }: SendEmailInput) => {
    const set = configurationSets.find((one) => one.name === name);
    if (name === undefined || set) return set;
    throw new ServiceError(404, "NotFoundException", `Configuration set <${name}> does not exist.`);
  };

  /** Accepts a message, and puts it into those mailboxes that it reaches. */
  const send = async (request: ApiRequest, input: SendEmailInput): Promise<ApiAnswer> => {
    requireVerified(input);
    const metrics = configurationSetOf(input)?.metrics ?? [];
    const recipients = recipientsOf(input);
    const { reached, events: told } = deliver(recipients, request.body.toString("utf8"), { account, faults });
    const answer =
      reached.length > 0 ? await proxied(pool, reaching(request, input, reached)) : json({ MessageId: randomUUID() });
    if (answer.status >= 400) return answer;
    account.sent += recipients.length;
    for (const type of told) {
      const counted = metrics.filter(({ eventTypes }) => eventTypes.includes(type));
      for (const { dimensions } of counted) events.emit("event", { type, dimensions });
    }
    return answer;
  };

  return {
    service: "ses",
    mailboxUrl,
    faultyMailboxes: faults,
    events,
    forget: (before) => {
      const { emails } = getStoreReadonly();
      const first = emails.findIndex(({ at }) => at * 1000 >= before.getTime());
      emails.splice(0, first === -1 ? emails.length : first);
    },
    describe: describeSes,
    handle: async (request, { operation, parameters }) => {
      const known = account.answer(operation, parameters);
      if (known !== undefined) return json(known);
      const answer =
        operation === "SendEmail" ? await send(request, parameters as SendEmailInput) : await proxied(pool, request);
      if (answer.status < 400) return answer;
      const { detail, message } = JSON.parse(answer.body.toString()) as { detail?: string; message?: string };
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

/** The request to those recipients alone whose mailboxes it reaches. */
function reaching(request: ApiRequest, input: SendEmailInput, reached: readonly string[]): ApiRequest {
  const kept = lists.flatMap((list) => {
    const addresses = input.Destination?.[list]?.filter((address) => reached.includes(bare(address)));
    return addresses ? [[list, addresses] as const] : [];
  });
  return { ...request, body: Buffer.from(JSON.stringify({ ...input, Destination: Object.fromEntries(kept) })) };
}
