import { randomUUID } from "node:crypto";
import { UsageError } from "../../command-line/program.ts";
import { type EnvironmentName, environments } from "../../environments/index.ts";
import { stageNames } from "../../flow.ts";
import { webhookLeadId } from "../../functions/lead/lead-id.ts";
import type { SourceFormat } from "../../functions/sources/index.ts";
import { sourceNamed } from "../../try/source.ts";
import { type CurrentRun, leadPage } from "../current-run.ts";
import { LocalRunError } from "../errors.ts";
import { leadIdsHeader, leadIdsIn } from "../lead-ids.ts";
import { senders } from "../senders/index.ts";
import { sampleLead } from "../senders/sample-lead.ts";

/** Sends an HTTP request. */
export type Fetch = (url: string, request: RequestInit) => Promise<Response>;

/** What is to be sent. */
interface Request {
  readonly source: string | undefined;
  /** As the source sends it. Undefined stands for a made-up lead. */
  readonly body: string | undefined;
}

/** How a request was answered, and where its leads can be seen. */
export interface Sent {
  readonly url: string;
  readonly status: number;
  readonly answer: string;
  readonly accepted: boolean;
  /** Lines for people. */
  readonly where: readonly string[];
}

/** Milliseconds that an answer may take: more than the run waits for the endpoint's. */
const answerMilliseconds = 40_000;

/** @throws LocalRunError NoAnswer */
async function post(fetch: Fetch, url: string, request: RequestInit) {
  const given: RequestInit = {
    method: "POST",
    redirect: "error",
    signal: AbortSignal.timeout(answerMilliseconds),
    ...request,
  };
  try {
    const response = await fetch(url, given);
    return {
      status: response.status,
      accepted: response.ok,
      answer: (await response.text()).trim(),
      headers: response.headers,
    };
  } catch (error) {
    const { name, cause } = error as Error & { readonly cause?: { readonly code?: string } };
    throw new LocalRunError("NoAnswer", `${new URL(url).origin} gave no answer: ${cause?.code ?? name}.`);
  }
}

/**
 * Sends a request through the desk of the run on this machine, which signs it.
 * @throws UsageError when the run lacks the source
 */
export async function sendToRun(run: CurrentRun, request: Request, fetch: Fetch): Promise<Sent> {
  const { source = run.sources[0] ?? "", body } = request;
  if (!run.sources.includes(source)) {
    const allowed = run.sources.join(", ");
    throw new UsageError(
      `error: option '--source <name>' value '${source}' is no source of the run. Allowed: ${allowed}.`,
    );
  }
  const { headers, ...answered } = await post(fetch, `${run.address}/crm/${source}`, { body: body ?? "" });
  const leadIds = headers.get(leadIdsHeader)?.split(",") ?? [];
  const where = leadIds.map((id) => leadPage(run, id));
  return { url: `${run.endpoint}/${source}`, ...answered, where };
}

/** A deployed endpoint, and what a source of it knows. */
export interface Endpoint {
  /** With or without the source's name at its end. */
  readonly url: URL;
  readonly secret: string;
  /** Gives the source's settings. */
  readonly env: EnvironmentName;
}

/**
 * Signs a request as a source does and sends it to a deployed endpoint.
 * @throws UsageError when there is no such source, or when it cannot make up a lead
 */
export async function sendToEndpoint(
  { url, secret, env }: Endpoint,
  { source, body }: Request,
  fetch: Fetch,
): Promise<Sent> {
  const path = url.pathname.replace(/\/$/, "");
  const last = path.slice(path.lastIndexOf("/") + 1);
  const { name, format, declaration, settings } = sourceNamed(source ?? last, environments[env]);
  if (body === undefined && declaration.fetch) {
    throw new UsageError(
      `error: events of ${name} hold only ids, which its API must know. Give the body of one as FILE.`,
    );
  }
  const sender = senders[format as SourceFormat];
  const known = { secrets: { [declaration.secrets[0]]: secret }, settings: { ...settings } };
  const event = {
    url: `${url.origin}${last === name ? path : `${path}/${name}`}`,
    eventId: `msg_${randomUUID()}`,
    at: new Date(),
  };
  const lead = { id: randomUUID(), ...sampleLead };
  const text = body ?? sender.body([lead], known, event);
  const { url: signedUrl, ...request } = { body: text, ...sender.request(text, known, event) };
  const { headers, ...answered } = await post(fetch, signedUrl, request);
  const named = leadIdsIn(answered.answer.replaceAll(".json", ""));
  const identity = body === undefined ? sender.identity?.(lead, known) : undefined;
  const leadIds = named.length === 0 && identity ? [webhookLeadId(name, ...identity)] : named;
  const groups = stageNames.map((stage) => `/aws/lambda/leadwire-${env}-${stage}`).join(", ");
  const where = leadIds.map((id) => `${id}, in the log groups ${groups}`);
  return { url: event.url, ...answered, where };
}

/** What is printed of a request. */
export function report({ url, status, answer, accepted, where }: Sent): string[] {
  const refused =
    status === 401
      ? ["The signature is not the source's: look at the secret, the source's name and its settings."]
      : [];
  const lines = accepted ? where.map((place) => `Lead: ${place}`) : refused;
  return [`${url} answered ${status}: ${answer}`, ...lines];
}
