import { difference, partition, xor } from "es-toolkit/array";
import { enrichedPrefix, outcomesPrefix } from "../flow.ts";
import { leadRef, memberLeadId, rawObjectLeadId } from "../functions/lead/lead-id.ts";
import type { LeadOutcome } from "../functions/lead/outcome.ts";
import { DeadLetterAttribute, Metadata } from "../functions/runtime/names.ts";
import { announcementsIn } from "../local/faults/announcements.ts";
import { receivesUsedUp } from "../ops/dead-letters.ts";
import type { Pipeline } from "./pipeline.ts";
import { type Plan, tokensIn } from "./plan.ts";
import type { Bucket } from "./services/s3.ts";
import type { Message } from "./services/sqs.ts";

export type ViolationKind =
  /** Accepted, and neither announced nor, for a reason, dead-lettered in the end. */
  | "lost"
  /** Announced again without the words "may be a repeat". */
  | "unmarked repeat"
  /** It says "may be a repeat", and nothing went wrong with an earlier announcement. */
  | "needless mark"
  /** Announced under another lead's id. */
  | "wrong content"
  /** A good lead that was rejected, or one without a contact that was not. */
  | "wrong rejection"
  /** It used up its receives, although nothing went wrong but outages, and a lead beside it that ends its function. */
  | "used up receives"
  /** An item that the lead index lacks, or one that nothing stored speaks of. */
  | "wrong index"
  /** An outcome says "announced" before an announcement. */
  | "early outcome"
  | "work after the answer"
  | "never settles";

export interface Violation {
  readonly kind: ViolationKind;
  /** A lead's id, or what happened. */
  readonly what: string;
}
type Violate = (kind: ViolationKind, what: string) => void;

/** The leads of a run, by their tokens. */
interface Leads {
  /** Those that must be announced. */
  readonly accepted: ReadonlySet<string>;
  /** Those that must be rejected. */
  readonly bad: ReadonlySet<string>;
  readonly plan: Plan;
}

interface Announced {
  readonly token: string;
  readonly marked: boolean;
  readonly sentAt: number;
  readonly byEmail: boolean;
  /** Nobody can say whether it must be marked. */
  readonly undecided: boolean;
}

/** Milliseconds in which the first lead of a new ledger is claimed. The ledger takes older ones for possible repeats. */
const firstAnnouncement = 60_000;

/** The class of a dead letter: what the function says, or that it used up its receives. */
export const classOf = ({ attributes }: Message): string =>
  attributes[DeadLetterAttribute.errorClass]?.StringValue ?? receivesUsedUp;

const lettersOf = ({ queues }: Pipeline) => Object.values(queues).flatMap(({ deadLetters }) => deadLetters.messages);

/**
 * Looks for every lead, where people and operators would.
 * @returns all announcements, in the order in which they were sent
 */
export function audit(pipeline: Pipeline, { accepted, bad, plan }: Leads, violate: Violate): Announced[] {
  const { bucket, shown, doubts } = pipeline;
  // It and its file may use up their receives.
  const killer = plan.killer?.token;
  const { tokens, ids } = leadsIn(bucket);
  const idOf = (token: string) => ids.get(token) ?? "a lead that is not stored";
  const announced = new Set<string>();
  /** Leads that people saw, or may have seen. */
  const maybeSeen = new Set<string>();
  const older = bucket.versions
    .filter(({ key }) => key.startsWith(enrichedPrefix))
    .filter(({ text }) => Date.parse(JSON.parse(text).enrichedAt) < doubts.ledgerBegan - firstAnnouncement)
    .map(({ metadata }) => metadata[Metadata.correlationId] ?? "");
  const doubtful = new Set([...doubts.leads, ...older].map((id) => tokens.get(id)));
  const posts = [...doubts.posts].sort((a, b) => a.sentAt - b.sentAt);
  const all = shown
    .toSorted((a, b) => a.sentAt - b.sentAt)
    .flatMap(({ text, sentAt, byEmail = false }) => {
      while (posts[0] && posts[0].sentAt < sentAt) {
        for (const { ref } of announcementsIn(posts.shift()?.text ?? "")) maybeSeen.add(tokens.get(ref) ?? "");
      }
      const found = announcementsIn(text).map(({ ref, marked }): Announced => {
        const token = tokens.get(ref) ?? "";
        return { token, marked, sentAt, byEmail, undecided: doubtful.has(token) && !maybeSeen.has(token) };
      });
      for (const { token, marked, undecided } of found) {
        if (maybeSeen.has(token) && !marked) violate("unmarked repeat", idOf(token));
        if (!maybeSeen.has(token) && marked && !undecided) violate("needless mark", idOf(token));
        announced.add(token);
        maybeSeen.add(token);
      }
      const mixedUp = xor(
        found.map(({ token }) => token),
        tokensIn(text),
      );
      for (const token of mixedUp) violate("wrong content", idOf(token));
      return found;
    });
  const [usedUp, rejected] = partition(lettersOf(pipeline), (letter) => classOf(letter) === receivesUsedUp);
  const named = (letter: Message): string[] => {
    const inObject = tokensOf(letter, pipeline);
    const own = tokens.get(letter.attributes[DeadLetterAttribute.correlationId]?.StringValue ?? "");
    return own === undefined ? inObject : inObject.filter((token) => token === own);
  };
  // Faults have ended and all was redriven: only what ends its function still uses up its receives.
  const excused = usedUp
    .map((letter) => tokensOf(letter, pipeline))
    .filter((tokens) => killer !== undefined && tokens.includes(killer))
    .flat();
  for (const token of difference([...accepted], [...announced, ...excused])) violate("lost", idOf(token));
  const refused = new Set(rejected.flatMap(named));
  const wrong = difference([...bad], excused).filter((token) => !refused.has(token) || announced.has(token));
  for (const token of [...wrong, ...difference([...refused], [...bad])]) violate("wrong rejection", idOf(token));
  for (const id of earlyOutcomes(bucket, tokens, all)) violate("early outcome", id);
  return all;
}

/** The leads of which an outcome says that they were announced before anybody saw them. */
function earlyOutcomes({ versions }: Bucket, tokens: ReadonlyMap<string, string>, announced: readonly Announced[]) {
  const firstSeen = new Map(announced.toReversed().map(({ token, sentAt }) => [token, sentAt]));
  return versions
    .filter(({ key }) => key.startsWith(outcomesPrefix))
    .flatMap(({ text, createdAt }) => {
      const outcomes = text
        .split("\n")
        .filter(Boolean)
        .map((line): LeadOutcome => JSON.parse(line));
      const early = outcomes.filter(({ id, outcome }) => {
        const seenAt = firstSeen.get(tokens.get(id) ?? "") ?? Number.POSITIVE_INFINITY;
        return outcome === "announced" && seenAt > createdAt;
      });
      return early.map(({ id }) => id);
    });
}

/** The stored leads: tokens by ids and by short names, and ids by tokens. */
function leadsIn({ versions }: Bucket) {
  const tokens = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const { key, etag, text } of versions.filter((version) => !version.key.includes("/"))) {
    // The address holds the token too.
    const own = [...text.matchAll(/"(?:last_name|sourceId)":"(L\d+)"/g)].map(([, token = ""]) => token);
    for (const [index, token] of own.entries()) {
      const id = memberLeadId(rawObjectLeadId(key, etag), index, own.length);
      tokens.set(id, token).set(leadRef(id), token);
      ids.set(token, id);
    }
  }
  return { tokens, ids };
}

/** The leads in the object that a message names. */
export function tokensOf({ body }: Message, { bucket }: Pick<Pipeline, "bucket">): string[] {
  const { key, "version-id": versionId } = JSON.parse(body).detail.object;
  return tokensIn(bucket.find(key, versionId)?.text ?? "");
}
