import { randomUUID } from "node:crypto";
import { UsageError } from "../../command-line/program.ts";
import { type EnvironmentName, environments } from "../../environments/index.ts";
import type { SourceFormat } from "../../functions/sources/index.ts";
import { sourceNamed } from "../../try/source.ts";
import { type CurrentRun, leadPage } from "../current-run.ts";
import { LocalRunError } from "../errors.ts";
import { leadIdsHeader, leadIdsIn } from "../lead-ids.ts";
import { senders } from "../senders/index.ts";
import { sampleLead } from "../senders/sample-lead.ts";

/** Sends an HTTP request. */
export type Fetch = (url: string, request: RequestInit) => Promise<Response>;

/** Milliseconds that an answer may take: more than the run waits for the endpoint's. */
const answerMilliseconds = 40_000;

/** @throws LocalRunError NoAnswer */
async function post(fetch: Fetch, url: string, request: RequestInit) {
  const signal = AbortSignal.timeout(answerMilliseconds);
  try {
    const response = await fetch(url, { method: "POST", redirect: "error", signal, ...request });
    const { status, ok: accepted, headers } = response;
    return { status, accepted, headers, answer: (await response.text()).trim() };
  } catch (error) {
    const { name, cause } = error as Error & { readonly cause?: { readonly code?: string } };
    throw new LocalRunError("NoAnswer", `${new URL(url).origin} gave no answer: ${cause?.code ?? name}.`);
  }
}

/**
 * Sends a request through the address of the run on this machine, which signs it.
 * @param body undefined stands for a made-up lead
 * @returns the answer, and where its leads can be seen
 * @throws UsageError when the run lacks the source
 */
export async function throughRun(
  run: CurrentRun,
  source = run.sources[0] ?? "",
  body: string | undefined,
  fetch: Fetch,
) {
  if (!run.sources.includes(source)) {
    const allowed = `Allowed: ${run.sources.join(", ")}.`;
    throw new UsageError(`error: option '--source <name>' value '${source}' is no source of the run. ${allowed}`);
  }
  const answer = await post(fetch, `${run.address}/crm/${source}`, { body: body ?? "" });
  const leadIds = answer.headers.get(leadIdsHeader)?.split(",") ?? [];
  return { ...answer, url: `${run.endpoint}/${source}`, where: leadIds.map((id) => leadPage(run, id)) };
}

/** A deployed endpoint, and what a source of it knows. */
export interface Endpoint {
  /** With or without the source's name at its end. */
  readonly url: URL;
  /** @default the name at the URL's end */
  readonly source: string | undefined;
  readonly secret: string;
  /** Gives the source's settings. */
  readonly env: EnvironmentName;
}

/**
 * Signs a request as a source does and sends it to a deployed endpoint; see `throughRun`.
 * @throws UsageError when there is no such source, or when it cannot make up a lead
 */
export async function toEndpoint({ url, source, secret, env }: Endpoint, body: string | undefined, fetch: Fetch) {
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
  const target = `${url.origin}${last === name ? path : `${path}/${name}`}`;
  const event = { url: target, eventId: `msg_${randomUUID()}`, at: new Date() };
  const text = body ?? sender.body([{ id: randomUUID(), ...sampleLead }], known, event);
  const { url: signedUrl, ...request } = { body: text, ...sender.request(text, known, event) };
  const answer = await post(fetch, signedUrl, request);
  const where = leadIdsIn(answer.answer.replaceAll(".json", "")).map(
    (id) => `${id}, in the log groups /aws/lambda/leadwire-${env}-*`,
  );
  return { ...answer, url: target, where };
}
