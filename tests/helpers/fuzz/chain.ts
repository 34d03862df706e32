import { chunk } from "es-toolkit/array";
import { domainKind } from "../../../functions/enrich/email-domains.ts";
import { enrichLead } from "../../../functions/enrich/enrich-lead.ts";
import { makeHandler } from "../../../functions/enrich/handler.ts";
import { checkEnrichedLead, type EnrichedLead } from "../../../functions/lead/enriched-lead.ts";
import { leadRef, rawKey, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import { RejectedError } from "../../../functions/lead/rejection.ts";
import { type Email, leadEmail } from "../../../functions/notify/channels/email/compose.ts";
import { type SlackMessage, slackCard } from "../../../functions/notify/channels/slack/card.ts";
import { slackDeclaration } from "../../../functions/notify/channels/slack/declaration.ts";
import { slackDigest } from "../../../functions/notify/channels/slack/digest.ts";
import type { LeadToAnnounce } from "../../../functions/notify/lead-summary.ts";
import { Metadata } from "../../../functions/runtime/names.ts";
import { readerOf, sourceFormats } from "../../../functions/sources/index.ts";
import { readMessage } from "../../../local/slack/slack-rules.ts";
import { objectCreated, sqsEvent, sqsRecord } from "../aws-events.ts";
import { memoryStore, recordedLog, recordedMeter } from "../fakes.ts";
import { recordedOutcomes } from "../outcomes.ts";
import type { FuzzedBody } from "./bodies.ts";
import { settingsOf } from "./settings.ts";

/** Every kind of message about some leads. */
interface Messages {
  /** A card for each lead. */
  readonly cards: readonly SlackMessage[];
  /** A digest for as many leads as one holds. */
  readonly digests: readonly SlackMessage[];
  /** An email for each lead, and one for each digest. */
  readonly emails: readonly Email[];
}

/** What a body became on its way from the source to the channels. */
export interface Trace extends Messages {
  /** Leads that the source's door found. A file has no door. */
  readonly events: number | undefined;
  /** Class of each rejection, of the whole body or of a lead. */
  readonly rejections: readonly string[];
  /** Classes of errors that are no rejections. */
  readonly errors: readonly unknown[];
  /** As they are stored. */
  readonly leads: readonly EnrichedLead[];
}

const receivedAt = new Date("2026-03-01T12:00:00.000Z");

/** Takes a body through the door, enrich, and the composing of every kind of message. */
export async function trace(given: FuzzedBody): Promise<Trace> {
  const rejections: string[] = [];
  const errors: unknown[] = [];
  const objects = await rawObjects(given, rejections);
  const store = memoryStore(objects);
  const keys = Object.keys(objects);
  const enrich = makeHandler({
    store,
    loadEnrichment: async () => ({ enrichLead }),
    readerOf: (format) => readerOf(format),
    settingsOf: async () => undefined,
    fetchedLead: async (event) => event,
    domainKind,
    outcomes: recordedOutcomes(),
    sendToDeadLetters: async (_, { code }) => {
      rejections.push(code);
    },
    queue: { delete: async () => {}, retryAfter: async () => {} },
    postpone: async (failed) => {
      errors.push(...failed.map(({ cause }) => cause.errorClass));
      return failed.map(({ message }) => message);
    },
    defaultCountry: given.defaultCountry,
    log: recordedLog(),
    meter: recordedMeter(),
    now: () => receivedAt,
  });
  const event = sqsEvent(...keys.map((key) => sqsRecord(objectCreated(key), key)));
  await enrich(event, { getRemainingTimeInMillis: () => 10_000 });
  const enriched = [...store.all.keys()].filter((key) => key.includes("/"));
  const leads = enriched.map((key) => checkEnrichedLead(store.json(key)));
  return {
    events: given.way === "file" ? undefined : keys.length,
    rejections,
    errors,
    leads,
    ...compose(leads),
  };
}

/** Composes every kind of message about some leads: one for each, and some for many. */
function compose(leads: readonly EnrichedLead[]): Messages {
  const together = groupsOf(leads).filter((group) => group.length > 1);
  return {
    cards: leads.map((lead) => slackCard(toAnnounce(lead))),
    digests: together.map((group) => slackDigest(group.map(toAnnounce))),
    emails: [...leads.map((lead) => [lead]), ...together].map(emailOf),
  };
}

/** What is wrong with all kinds of messages about some leads, in sentences. */
export const leadProblems = (leads: readonly EnrichedLead[]): string[] => messageProblems(compose(leads), leads);

/** What is wrong with a digest and an email about leads of different bodies, in sentences. */
export function groupProblems(leads: readonly EnrichedLead[]): string[] {
  const digest = slackDigest(leads.map(toAnnounce));
  return [...slackProblems(digest), ...missingIn(digest, leads), ...emailProblems(emailOf(leads))];
}

/** The longest messages say that the lead may be a repeat. */
const toAnnounce = (lead: EnrichedLead): LeadToAnnounce => ({ lead, mayBeRepeat: true });

const groupsOf = <One>(all: readonly One[]) => chunk(all, slackDeclaration.capacity);

function emailOf([first, ...rest]: readonly EnrichedLead[]): Email {
  if (!first) throw new Error("An email is about one lead or more.");
  return leadEmail([toAnnounce(first), ...rest.map(toAnnounce)], "You get this by email because Slack was too busy.");
}

/** The raw objects that a body is stored as. */
async function rawObjects(
  { body, way }: FuzzedBody,
  rejections: string[],
): Promise<NonNullable<Parameters<typeof memoryStore>[0]>> {
  if (way === "file") return { "file.json": { body, text: "" } };
  const { door } = await sourceFormats[way].door();
  try {
    const request = { method: "POST", path: "/crm", query: "", headers: { "webhook-id": "event" }, body };
    const events = door.split(request, { settings: settingsOf(way) }).filter((event) => event.kind === "lead");
    const metadata = { [Metadata.format]: way };
    return Object.fromEntries(
      events.map(({ identity, json }) => [rawKey(webhookLeadId("crm", ...identity)), { text: json, metadata }]),
    );
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    rejections.push(error.code);
    return {};
  }
}

/** SES's limit for a header's value. https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageHeader.html */
const headerLimit = 870;
/** SES's limit for a message, with room for its encoding. https://docs.aws.amazon.com/ses/latest/dg/quotas.html */
const emailLimit = 10 * 1024 * 1024;
/** Characters of a message's blocks above which Slack refuses it. https://github.com/slackapi/bolt-js/issues/2509 */
const blocksLimit = 12_000;

/** What is wrong with what a body became, in sentences; empty when nothing is. */
export function problemsOf({ events, rejections, errors, leads, ...messages }: Trace): string[] {
  return [
    ...errors.map((errorClass) => `enrich failed with ${errorClass}`),
    ...rejections.filter((code) => code === "InvalidLead").map(() => "our own lead does not fit the schema"),
    ...(events !== undefined && events > 0 && events !== leads.length + rejections.length
      ? [`${events} events became ${leads.length} leads and ${rejections.length} rejections`]
      : []),
    ...leads
      .flatMap(textsOf)
      .filter(isUntidy)
      .map(() => "a text is not trimmed or not in NFC"),
    ...messageProblems(messages, leads),
  ];
}

/** What is wrong with the messages about some leads, in sentences. */
function messageProblems({ cards, digests, emails }: Messages, leads: readonly EnrichedLead[]): string[] {
  return [
    ...[...cards, ...digests].flatMap(slackProblems),
    ...leads
      .filter(({ id }, index) => JSON.stringify(cards[index]).split(id).length !== 2)
      .map(() => "a card does not name its lead once"),
    ...digests.flatMap((digest, index) => missingIn(digest, groupsOf(leads)[index] ?? [])),
    ...emails.flatMap(emailProblems),
  ];
}

const textsOf = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(textsOf)
      : [];

const isUntidy = (text: string) => text !== text.trim() || text !== text.normalize("NFC") || !text.isWellFormed();

function slackProblems(message: SlackMessage): string[] {
  const read = readMessage(JSON.stringify(message));
  const characters = JSON.stringify(message.blocks).length;
  return [
    ...("refusal" in read ? [`Slack answers ${read.refusal.body}`] : []),
    ...(characters > blocksLimit ? [`the blocks have ${characters} characters`] : []),
  ];
}

/** A digest shows each lead's short name once. */
function missingIn({ blocks }: SlackMessage, leads: readonly EnrichedLead[]): string[] {
  const text = JSON.stringify(blocks);
  return leads
    .filter(({ id }) => text.split(`\`${leadRef(id)}\``).length !== 2)
    .map(() => "a digest does not name a lead once");
}

function emailProblems({ subject, text, html, headers }: Email): string[] {
  const lines = [subject, ...Object.values(headers)];
  return [
    ...lines.filter((line) => line.length > headerLimit).map((line) => `a header has ${line.length} characters`),
    ...lines.filter((line) => /\p{Cc}/u.test(line) || line === "").map(() => "a header is empty or has line breaks"),
    ...(Buffer.byteLength(text) + Buffer.byteLength(html) > emailLimit ? ["an email is too large"] : []),
    ...([text, html].every((body) => body.isWellFormed()) ? [] : ["an email is not well-formed"]),
  ];
}
