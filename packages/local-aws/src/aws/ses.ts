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
import { accountReasons, type SesSettings } from "./ses-settings.ts";

/** A SendEmail request, as far as local-aws looks into it. */
interface SendEmailInput {
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

/** A mail in the mailboxes, of SES or of SNS. */
export interface Mail {
  readonly messageId: string;
  /** When it was accepted, in seconds since 1970. */
  readonly at: number;
  /** An address, with or without a name. SNS's mails come from `snsSender`. */
  readonly from: string;
  /** Recipients whose mailboxes have it. */
  readonly destination: Readonly<Record<"to" | "cc" | "bcc", readonly string[]>>;
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly body: { readonly html?: string | undefined; readonly text?: string | undefined };
  /** Those that the sender gave beside the usual ones. */
  readonly headers?: readonly { readonly name: string; readonly value: string }[] | undefined;
}

export interface LocalSes extends Backend {
  /** Where the mails can be read in a browser. */
  readonly mailboxUrl: string;
  /** The mails, the oldest first; of all stacks in this process. */
  mails(): readonly Mail[];
  /** Addresses whose mailboxes refuse mails or complain; none at the start. */
  readonly faultyMailboxes: Map<string, MailboxFault>;
  readonly events: EventEmitter<{ event: [EmailEvent] }>;
  /** Removes the mails from before a time. */
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

/** What accepting a message takes. */
interface Sending {
  readonly region: string;
  readonly settings: SesSettings;
  readonly account: SesAccount;
  readonly faults: ReadonlyMap<string, MailboxFault>;
  readonly events: LocalSes["events"];
  /** The server with the mailboxes. */
  readonly pool: Pool;
}

/** @throws ServiceError when the sender is no identity, or in the sandbox a recipient is none */
function requireVerified(input: SendEmailInput, { region, settings: { identities, sandbox } }: Sending): void {
  const known = new Set(identities.map((identity) => identity.toLowerCase()));
  const checked = [bare(input.FromEmailAddress ?? ""), ...(sandbox ? recipientsOf(input) : [])];
  const failing = checked.filter((mail) => !known.has(mail) && !known.has(domain(mail)));
  if (failing.length === 0) return;
  throw new ServiceError(
    400,
    "MessageRejected",
    `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${failing.join(", ")}`,
  );
}

/** @throws ServiceError for a configuration set that is not there */
function configurationSetOf({ ConfigurationSetName: name }: SendEmailInput, { configurationSets }: SesSettings) {
  if (name === undefined) return { metrics: [], suppressedReasons: accountReasons };
  const set = configurationSets.find((one) => one.name === name);
  if (!set) throw new ServiceError(404, "NotFoundException", `Configuration set <${name}> does not exist.`);
  return set;
}

/**
 * What SES accepts of a message's own headers.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageHeader.html
 */
const headerRules = { count: 15, name: /^[!-9;-~]{1,126}$/, value: /^[ -~]{1,870}$/ };

/** @throws ServiceError for too many headers, or one that is too long or not ASCII */
function requireHeaders({ Content }: SendEmailInput): void {
  const headers = Content?.Simple?.Headers ?? [];
  const { count, name, value } = headerRules;
  const fits = headers.every((header) => name.test(header.Name) && value.test(header.Value));
  if (headers.length <= count && fits) return;
  const bounds = `at most ${count} headers, with names of at most 126 and values of at most 870 ASCII characters`;
  throw new ServiceError(400, "BadRequestException", `A message has ${bounds}.`);
}

/** Accepts a message, and puts it into those mailboxes that it reaches. */
async function send(request: ApiRequest, input: SendEmailInput, sending: Sending): Promise<ApiAnswer> {
  const { settings, account, faults, events, pool } = sending;
  requireVerified(input, sending);
  requireHeaders(input);
  const { metrics, suppressedReasons } = configurationSetOf(input, settings);
  const recipients = recipientsOf(input);
  const { reached, events: caused } = deliver(recipients, request.body.toString("utf8"), {
    account,
    faults,
    suppressedReasons,
  });
  const answer =
    reached.length > 0 ? await proxied(pool, reaching(request, input, reached)) : json({ MessageId: randomUUID() });
  if (answer.status >= 400) return answer;
  account.sent += recipients.length;
  for (const type of caused) {
    const counted = metrics.filter(({ eventTypes }) => eventTypes.includes(type));
    for (const { dimensions } of counted) events.emit("event", { type, dimensions });
  }
  return answer;
}

let running = 0;

/** Removes the mails from before a time. */
function forget(before: Date): void {
  const { emails } = getStoreReadonly();
  const first = emails.findIndex(({ at }) => at * 1000 >= before.getTime());
  emails.splice(0, first === -1 ? emails.length : first);
}

/** SES v2 on aws-ses-v2-local, whose store is one for the whole process: it is emptied while no other stack uses it. */
export async function startSes({ region }: Place, settings: SesSettings): Promise<LocalSes> {
  const server: Server = await sesLocal.default({ host: "127.0.0.1", port: 0 });
  const address = server.address();
  const mailboxUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const pool = new Pool(mailboxUrl);
  if (running === 0) clearStore();
  running += 1;
  const account = new SesAccount(settings);
  const faults = new Map<string, MailboxFault>();
  const events: LocalSes["events"] = new EventEmitter();
  const sending: Sending = { region, settings, account, faults, events, pool };
  return {
    service: "ses",
    mailboxUrl,
    mails: () => getStoreReadonly().emails,
    faultyMailboxes: faults,
    events,
    forget,
    describe: describeSes,
    handle: async (request, { operation, parameters }) => {
      const known = account.answer(operation, parameters);
      if (known !== undefined) return json(known);
      const sends = operation === "SendEmail";
      const answer = await (sends ? send(request, parameters as SendEmailInput, sending) : proxied(pool, request));
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

/** Leaves only those recipients in a request whose mailboxes it reaches. */
function reaching(request: ApiRequest, input: SendEmailInput, reached: readonly string[]): ApiRequest {
  const kept = lists.flatMap((list) => {
    const addresses = input.Destination?.[list]?.filter((address) => reached.includes(bare(address)));
    return addresses ? [[list, addresses] as const] : [];
  });
  return { ...request, body: Buffer.from(JSON.stringify({ ...input, Destination: Object.fromEntries(kept) })) };
}
