import { leadRef } from "../../functions/lead/lead-id.ts";
import { announcementsIn } from "../../local/faults/announcements.ts";
import { leadIdsIn } from "../../local/lead-ids.ts";
import type { Platform } from "../../local/platform.ts";

/**
 * Counts leads without remembering those that are announced, so that a measurement of memory does not measure its own
 * books. Leads go by their short names, which are all that digests have.
 */
export class LeadTally {
  accepted = 0;
  /** Milliseconds from the accepted request to the message, of every lead. */
  readonly latencies: number[] = [];
  /** Leads that wait to be announced, with the time of their request. */
  readonly #open = new Map<string, number>();
  /** Leads of a message that came before their request was answered, or once more. */
  readonly #unasked = new Map<string, number>();

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

  /** Leads that nobody was told of, so far. */
  get waiting(): number {
    return this.#open.size;
  }

  /** Announcements beyond the first of each lead. */
  get repeats(): number {
    return this.#unasked.size;
  }

  #accept(ref: string, at: number): void {
    this.accepted += 1;
    const announcedAt = this.#unasked.get(ref);
    if (announcedAt === undefined) this.#open.set(ref, at);
    else {
      this.#unasked.delete(ref);
      this.latencies.push(announcedAt - at);
    }
  }

  #announce(ref: string, at: number): void {
    const acceptedAt = this.#open.get(ref);
    if (acceptedAt === undefined) this.#unasked.set(ref, at);
    else {
      this.#open.delete(ref);
      this.latencies.push(at - acceptedAt);
    }
  }
}
