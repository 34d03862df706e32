import { xor } from "es-toolkit/array";
import { leadRef, memberLeadId, rawObjectLeadId } from "../functions/lead/lead-id.ts";
import { DeadLetterAttribute } from "../functions/runtime/names.ts";
import { announcementsIn } from "../local/faults/announcements.ts";
import { receivesUsedUp } from "../ops/dead-letters.ts";
import { tokensIn } from "./leads.ts";
import type { Bucket, Version } from "./services/s3.ts";
import type { Shown } from "./services/slack.ts";
import type { Message } from "./services/sqs.ts";

export type ViolationKind =
  /** Accepted, and neither announced nor dead-lettered. */
  | "lost"
  /** Announced again without the words "may be a repeat". */
  | "unmarked repeat"
  /** Announced under another lead's id. */
  | "wrong content"
  /** A good lead that was rejected, or a bad one without a dead letter. */
  | "wrong rejection"
  /** It used up its receives beside a lead that ends its function. */
  | "victim of a neighbour"
  | "work after the answer"
  | "never settles";

export interface Violation {
  readonly kind: ViolationKind;
  /** A lead's id, or what happened. */
  readonly what: string;
}

export interface Announced {
  readonly token: string;
  readonly marked: boolean;
  readonly sentAt: number;
}

/** Knows which lead is which: by the token in its name, and by its id. */
export class Register {
  readonly #tokens = new Map<string, string>();
  readonly #ids = new Map<string, string>();

  /** Reads the raw objects. Ids of raw leads are made of keys, ETags and places. */
  constructor(bucket: Bucket) {
    for (const version of bucket.versions.filter(({ key }) => !key.includes("/"))) {
      const tokens = tokensIn(nameFields(version.text));
      for (const [index, token] of tokens.entries()) {
        const id = memberLeadId(rawObjectLeadId(version.key, version.etag), index, tokens.length);
        this.#tokens.set(id, token).set(leadRef(id), token);
        this.#ids.set(token, id);
      }
    }
  }

  /** @param id a lead's id, or its short name */
  tokenOf(id: string): string {
    return this.#tokens.get(id) ?? "unknown lead";
  }

  idOf(token: string): string {
    return this.#ids.get(token) ?? token;
  }
}

/** A raw object's text without the addresses, which hold the token too. */
const nameFields = (text: string) => [...text.matchAll(/"last_name":"(L\d+)"/g)].map(([, token]) => token).join(" ");

/** The announcements that people see, in the order in which they left. */
export function announced(shown: readonly Shown[], register: Register): { all: Announced[]; mixedUp: Violation[] } {
  const mixedUp: Violation[] = [];
  const all = shown.flatMap(({ text, sentAt }) => {
    const found = announcementsIn(text).map(({ ref, marked }) => ({ token: register.tokenOf(ref), marked, sentAt }));
    const named = found.map(({ token }) => token);
    const wrong = xor(named, tokensIn(text));
    mixedUp.push(...wrong.map((token) => ({ kind: "wrong content", what: register.idOf(token) }) as const));
    return found;
  });
  return { all: all.sort((a, b) => a.sentAt - b.sentAt), mixedUp };
}

/** Leads whose second announcement, or a later one, does not say that it may be a repeat. */
export function unmarkedRepeats(all: readonly Announced[]): string[] {
  const before = new Set<string>();
  return all.flatMap(({ token, marked }) => {
    const repeats = before.has(token) && !marked;
    before.add(token);
    return repeats ? [token] : [];
  });
}

/** The class of a dead letter: what the function says, or that it used up its receives. */
export const classOf = ({ attributes }: Message) =>
  attributes[DeadLetterAttribute.errorClass]?.StringValue ?? receivesUsedUp;

/** The object that a message names. */
export function versionOf({ body }: Pick<Message, "body">, bucket: Bucket): Version | undefined {
  const { key, "version-id": versionId } = JSON.parse(body).detail.object;
  return bucket.find(key, versionId);
}

/** The tokens of the leads that a dead letter is about. */
export function tokensOfLetter(letter: Message, bucket: Bucket, register: Register): string[] {
  const id = letter.attributes[DeadLetterAttribute.correlationId]?.StringValue;
  const version = versionOf(letter, bucket);
  const all = tokensIn(version?.text ?? "");
  const own = id === undefined ? "unknown lead" : register.tokenOf(id);
  return all.includes(own) ? [own] : all;
}
