import { leadRef } from "../../functions/lead/lead-id.ts";
import { announcementsIn } from "../../local/faults/announcements.ts";
import { leadIdsIn } from "../../local/lead-ids.ts";
import type { Platform } from "../../local/platform.ts";

/**
 * Counts leads and forgets those that are announced, so that it takes no memory of its own in a measurement of memory. It
 * knows leads by their short names, because digests hold nothing else.
 */
export class LeadTally {
  accepted = 0;
  /** Milliseconds from the accepted request to the message, of every lead. */
  readonly latencies: number[] = [];
  /** Leads that wait to be announced, with the time of their request. */
  readonly #open = new Map<string, number>();
  /** Leads of a message that came before their request was answered, or a second time. */
  readonly #unexpected = new Map<string, number>();

  constructor({ api, slack }: Platform) {
    api.on("answered", ({ request, answer }) => {
      if (answer.status !== 202) return;
      for (const id of leadIdsIn(answer.body.toString("utf8").replaceAll(".json", ""))) {
        this.#accept(leadRef(id), request.receivedAt.getTime());
      }
    });
    slack.on("message", ({ payload, at }) => {
      for (const { ref } of announcementsIn(JSON.stringify(payload))) this.#announce(ref, at);
    });
  }

  /** Leads that are not announced yet. */
  get waiting(): number {
    return this.#open.size;
  }

  /** Announcements beyond the first of each lead. */
  get repeats(): number {
    return this.#unexpected.size;
  }

  #accept(ref: string, at: number): void {
    this.accepted += 1;
    const announcedAt = this.#unexpected.get(ref);
    if (announcedAt === undefined) this.#open.set(ref, at);
    else {
      this.#unexpected.delete(ref);
      this.latencies.push(announcedAt - at);
    }
  }

  #announce(ref: string, at: number): void {
    const acceptedAt = this.#open.get(ref);
    if (acceptedAt === undefined) this.#unexpected.set(ref, at);
    else {
      this.#open.delete(ref);
      this.latencies.push(at - acceptedAt);
    }
  }
}
