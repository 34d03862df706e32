import { countBy, sumBy } from "es-toolkit";
import type { QueuedMessage } from "local-aws";
import { outcomesPrefix } from "../../flow.ts";
import { leadRef, rawObjectLeadId } from "../../functions/lead/lead-id.ts";
import type { LeadOutcome } from "../../functions/lead/outcome.ts";
import { DeadLetterAttribute } from "../../functions/runtime/names.ts";
import { receivesUsedUp } from "../../ops/dead-letters.ts";
import { leadIdsIn } from "../lead-ids.ts";
import type { Platform } from "../platform.ts";
import { isAccepted } from "../summary.ts";
import { type Announcement, announcementsIn } from "./announcements.ts";
import type { InvalidLead } from "./invalid-leads.ts";

export interface AuditResult {
  /** Leads that got a 2xx, or were dropped into the bucket. */
  readonly accepted: number;
  /** Requests whose last answer was no 2xx, by its status. Status 0 is no answer. */
  readonly refused: Readonly<Record<string, number>>;
  /** Leads that were announced at least once. */
  readonly announced: number;
  /** Leads that were not announced and are in a dead letter queue, by the class of their dead letter. */
  readonly deadLettered: Readonly<Record<string, number>>;
  /** Leads that were neither announced nor dead-lettered. */
  readonly lost: readonly string[];
  /** Announcements beyond the first of each lead: those that say "may be a repeat", and those that do not. */
  readonly repeats: { readonly marked: number; readonly unmarked: readonly string[] };
  /** Leads whose announcement has an outcome, and those that have one although nobody saw them announced. */
  readonly outcomes: { readonly announced: number; readonly wrong: readonly string[] };
  readonly invalidLeads: number;
  /** InvalidLead without a dead letter of its class, or that was announced. */
  readonly missingDeadLetters: readonly string[];
}

/** Follows what is sent in a run, and finds out in the end what became of it. */
export class RunAudit {
  readonly #platform: Platform;
  readonly #accepted = new Set<string>();
  readonly #invalidLeads: InvalidLead[] = [];
  /** Leads that outcomes say were announced. */
  readonly #recorded = new Set<string>();

  constructor(platform: Platform) {
    this.#platform = platform;
    platform.api.on("answered", ({ answer }) => {
      if (!isAccepted(answer.status)) return;
      for (const id of leadIdsIn(answer.body.toString("utf8"))) this.#accepted.add(id);
    });
    // A source whose answers name no leads has sent them with ids that it knows.
    platform.crm.on("sent", ({ accepted, leadIds }) => {
      if (accepted) for (const id of leadIds) this.#accepted.add(id);
    });
    platform.gateway.on("answered", ({ call, request, answer }) => {
      if (call.operation !== "PutObject" || answer.status !== 200) return;
      if (!String(call.parameters.Key).startsWith(outcomesPrefix)) return;
      for (const line of request.body.toString("utf8").trim().split("\n")) {
        const { id, outcome } = JSON.parse(line) as LeadOutcome;
        if (outcome === "announced") this.#recorded.add(id);
      }
    });
  }

  addFile(key: string, etag: string): void {
    this.#accepted.add(rawObjectLeadId(key, etag));
  }

  addInvalidLead(lead: InvalidLead): void {
    this.#invalidLeads.push(lead);
  }

  async result(): Promise<AuditResult> {
    const letters = this.#platform.deadLetters.contents();
    const deadLettered = new Map(
      letters.flatMap((letter) => idsOf(letter).map((id) => [id, classOf(letter)] as const)),
    );
    const announced = Map.groupBy(await this.#announcements(), ({ ref }) => ref);
    const invalidMarks = new Set(this.#invalidLeads.map(({ mark }) => mark));
    const leads = [...this.#accepted].filter((id) => !invalidMarks.has(id));
    const unannounced = leads.filter((id) => !announced.has(leadRef(id)));
    const extra = [...announced].map(([ref, times]) => ({
      ref,
      repeats: times.length - 1,
      unmarked: unmarkedRepeats(times),
    }));
    const classes = unannounced.flatMap((id) => deadLettered.get(id) ?? []);
    return {
      accepted: leads.length,
      refused: { ...this.#platform.crm.requests.refused },
      announced: leads.length - unannounced.length,
      deadLettered: countBy(classes, (name) => name),
      lost: unannounced.filter((id) => !deadLettered.has(id)),
      repeats: {
        marked: sumBy(extra, ({ repeats, unmarked }) => repeats - unmarked),
        unmarked: extra.flatMap(({ ref, unmarked }) => Array<string>(unmarked).fill(ref)),
      },
      outcomes: {
        announced: this.#recorded.size,
        wrong: [...this.#recorded].filter((id) => !announced.has(leadRef(id))),
      },
      invalidLeads: this.#invalidLeads.length,
      missingDeadLetters: this.#invalidLeads
        .filter((lead) => !letters.some((letter) => isLetterOf(letter, lead)) || announced.has(leadRef(lead.mark)))
        .map(({ kind, mark }) => `${kind} (${mark})`),
    };
  }

  /** Reads them where people do: in the chats and in the mailbox. */
  async #announcements(): Promise<DatedAnnouncement[]> {
    const store = (await (await fetch(`${this.#platform.mailboxUrl}/store`)).json()) as Mailbox;
    return [
      ...Object.values(this.#platform.chats).flatMap(({ messages }) =>
        messages.flatMap(({ payload, at }) => announcementsIn(JSON.stringify(payload)).map((one) => ({ ...one, at }))),
      ),
      ...store.emails.flatMap(({ body, at }) => announcementsIn(body.text).map((one) => ({ ...one, at: at * 1000 }))),
    ];
  }
}

interface Mailbox {
  /** `at` in whole seconds. */
  readonly emails: readonly { readonly at: number; readonly body: { readonly text: string } }[];
}

interface DatedAnnouncement extends Announcement {
  /** Epoch milliseconds; of an email up to a second too early. */
  readonly at: number;
}

/** Counts the announcements of one lead that follow another one and do not say that they may be a repeat. */
export function unmarkedRepeats(announcements: readonly DatedAnnouncement[]): number {
  const unmarked = announcements.filter(({ marked }) => !marked);
  const first = Math.min(...unmarked.map(({ at }) => at));
  const marksBefore = announcements.some(({ marked, at }) => marked && at + 1000 < first);
  return Math.max(0, unmarked.length - 1) + (unmarked.length > 0 && marksBefore ? 1 : 0);
}

const attribute = ({ messageAttributes }: QueuedMessage, name: string) => messageAttributes[name]?.StringValue;

/** The class that the function gave it, or what SQS or EventBridge says. */
const classOf = (letter: QueuedMessage) =>
  attribute(letter, DeadLetterAttribute.errorClass) ?? attribute(letter, "ERROR_CODE") ?? receivesUsedUp;

function idsOf(letter: QueuedMessage): string[] {
  const named = attribute(letter, DeadLetterAttribute.correlationId);
  if (named !== undefined) return [named];
  const { key, etag } = objectOf(letter);
  return key === undefined ? [] : [rawObjectLeadId(key.slice(key.lastIndexOf("/") + 1), etag ?? "")];
}

function objectOf({ body }: QueuedMessage): { key?: string; etag?: string } {
  try {
    return JSON.parse(body)?.detail?.object ?? {};
  } catch {
    return {};
  }
}

const isLetterOf = (letter: QueuedMessage, { mark, errorClass }: InvalidLead) =>
  mark !== "" &&
  attribute(letter, DeadLetterAttribute.errorClass) === errorClass &&
  (letter.body.includes(mark) || attribute(letter, DeadLetterAttribute.correlationId) === mark);
