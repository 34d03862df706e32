import { EventEmitter } from "node:events";
import type { SendEmailCommandInput } from "@aws-sdk/client-sesv2";
import { sumBy } from "es-toolkit";
import type { Call } from "local-aws";
import { enrichedPrefix } from "../flow.ts";
import { isSmokeTest, leadRef } from "../functions/lead/lead-id.ts";
import type { ChannelName, WebhookChannelName } from "../functions/notify/channels/index.ts";
import { leadIdsIn, leadIdsInMessage, leadRefsIn } from "./lead-ids.ts";
import type { Platform } from "./platform.ts";
import { isAccepted, type LeadRecord, type Notification, type Summary, summarize } from "./summary.ts";

/** Follows every lead of a run from what can be seen of it: answers, objects, messages in chats, mails, dead letters. */
export class LeadAudit extends EventEmitter<{ notified: [Notification]; progress: [] }> {
  readonly #leads = new Map<string, LeadRecord>();
  /** Accepted leads that are neither announced nor dead letters. */
  readonly #open = new Set<string>();
  /** Lead ids by the short names that digests use. */
  readonly #byRef = new Map<string, string>();
  readonly #platform: Platform;
  readonly #startedAt = performance.now();

  constructor(platform: Platform) {
    super();
    this.#platform = platform;
    platform.api.on("answered", ({ request, answer }) => {
      if (!isAccepted(answer.status)) return;
      for (const id of leadIdsIn(answer.body.toString("utf8"))) {
        this.#note(id, ({ acceptedAt = request.receivedAt.getTime() }) => ({ acceptedAt }));
      }
    });
    // A source whose answers name no leads has sent them with ids that it knows.
    platform.crm.on("sent", ({ accepted, leadIds }) => {
      const now = Date.now();
      if (accepted) for (const id of leadIds) this.#note(id, ({ acceptedAt = now }) => ({ acceptedAt }));
    });
    for (const [channel, chat] of Object.entries(platform.chats)) {
      chat.on("message", ({ leadIds, leadRefs, at }) =>
        this.#announced(this.#named(leadIds, leadRefs), channel as WebhookChannelName, at),
      );
    }
    platform.gateway.on("answered", ({ call, answer }) => {
      if (answer.status === 200) this.#follow(call);
    });
    platform.deadLetters.on("arrived", (letter) => {
      for (const id of leadIdsInMessage(letter)) this.#note(id, () => ({ deadLettered: true }));
    });
  }

  /**
   * Waits until every accepted lead is announced or a dead letter.
   * @param patience milliseconds without any progress after which the rest counts as lost
   * @param signal ends the wait at once
   */
  async settled(patience: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patience);
    const look = () => (this.#open.size === 0 || signal?.aborted ? resolve() : void timer.refresh());
    this.on("progress", look);
    signal?.addEventListener("abort", look);
    look();
    await promise;
    clearTimeout(timer);
    this.off("progress", look);
    signal?.removeEventListener("abort", look);
  }

  /** @param endedEarly whether the run was ended before it was known what becomes of every lead */
  summary(env: string, endedEarly = false): Summary {
    const { crm, denials } = this.#platform;
    const { begun, settled, refused } = crm.requests;
    return summarize([...this.#leads.values()], {
      env,
      sent: begun,
      refused: { ...refused },
      unanswered: begun - settled,
      endedEarly,
      deniedCalls: sumBy(denials.entries, ({ count }) => count),
      ...Object.fromEntries(
        Object.entries(this.#platform.chats).map(([name, { messages }]) => [`${name}Messages`, messages.length]),
      ),
      wallMs: Math.round(performance.now() - this.#startedAt),
    });
  }

  #follow({ service, operation, parameters }: Call): void {
    if (operation === "PutObject" && service === "s3") {
      const key = String(parameters.Key);
      const seen = key.startsWith(enrichedPrefix) ? { enriched: true } : key.includes("/") ? {} : { stored: true };
      for (const id of leadIdsIn(key)) this.#note(id, () => seen);
    }
    if (operation === "SendEmail") {
      const { Content } = parameters as unknown as SendEmailCommandInput;
      const text = (Content?.Simple?.Headers ?? []).map(({ Value }) => Value).join(" ");
      this.#announced(this.#named(leadIdsIn(text), leadRefsIn(text)), "email", Date.now());
    }
  }

  /** The leads that a message names, by their ids or by their short names, each once. */
  #named(leadIds: readonly string[], leadRefs: readonly string[]): string[] {
    return [...new Set([...leadIds, ...leadRefs.flatMap((ref) => this.#byRef.get(ref) ?? [])])];
  }

  #announced(leadIds: readonly string[], channel: ChannelName, at: number): void {
    for (const leadId of leadIds) {
      const lead = this.#note(leadId, ({ notifications, notifiedAt = at, firstChannel = channel }) => {
        return { notifications: notifications + 1, notifiedAt, firstChannel };
      });
      const milliseconds = lead.acceptedAt === undefined ? undefined : Math.max(0, at - lead.acceptedAt);
      this.emit("notified", { leadId, channel, milliseconds });
    }
  }

  #note(id: string, change: (lead: LeadRecord) => Partial<LeadRecord>): LeadRecord {
    const known = this.#leads.get(id) ?? { stored: false, enriched: false, notifications: 0, deadLettered: false };
    const lead = { ...known, ...change(known) };
    // Nobody is told of it, so it is no lead of the run.
    if (isSmokeTest(id)) return lead;
    this.#leads.set(id, lead);
    this.#byRef.set(leadRef(id), id);
    if (lead.acceptedAt !== undefined && lead.notifications === 0 && !lead.deadLettered) this.#open.add(id);
    else this.#open.delete(id);
    this.emit("progress");
    return lead;
  }
}
