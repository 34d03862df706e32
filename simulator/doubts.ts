import type { ReceivedCall } from "./environment.ts";
import type { Fate } from "./faults.ts";
import type { Shown } from "./services/messages.ts";

/** Fates of a post after which its function knows what became of it. */
const certainPost: ReadonlySet<Fate> = new Set(["done", "refused", "throttled", "denied", "diesBefore"]);
/** Fates of a claim after which the ledger holds what its function believes. After the others but `late` it is written. */
const certainClaim: ReadonlySet<Fate> = new Set([...certainPost, "failed", "silent"]);

/**
 * What a function cannot know. A lead is marked as a possible repeat when one of its own posts was uncertain, and also after
 * the death of an invocation that had claimed it, or when the ledger could not be told what became of it.
 */
export class Doubts {
  /** Posts without an answer that proves whether people saw them. */
  readonly posts: Shown[] = [];
  readonly #leads = new Set<string>();
  /** Claims with an answer, by claimant and item. */
  readonly #answered = new Set<string>();
  /** Leads of written claims without an answer, by claimant and item, until the claimant is done with them. */
  readonly #unanswered = new Map<string, string>();
  /** Since when the ledger records routes, in epoch milliseconds. It may know nothing of leads that are older. */
  ledgerBegan = Number.NEGATIVE_INFINITY;
  /** Leads that an environment claimed, by its name. */
  readonly #claimed = new Map<string, Set<string>>();

  /** @param text of the post, if the call is one */
  add(environment: string, { operation, input, sentAt }: ReceivedCall, fate: Fate, text: string | undefined): void {
    if (text !== undefined && !certainPost.has(fate)) this.posts.push({ sentAt, text });
    if (operation !== "UpdateItem") return;
    const { id: key } = input.Key as { readonly id: { readonly S: string } };
    const [id = "", about] = key.S.split("#");
    const values = input.ExpressionAttributeValues as Readonly<
      Record<string, { readonly N?: string; readonly S?: string }>
    >;
    const claim = `${values[":claimant"]?.S} ${key.S}`;
    // Any of those that were sent before the first claim can be the one that counts.
    if (about === "routes" && this.#claimed.size === 0) {
      this.ledgerBegan = Math.max(this.ledgerBegan, Number(values[":now"]?.N));
    }
    if (values[":state"]?.S === "claimed") {
      if (fate === "done") this.#answered.add(claim);
      else if (fate === "late") this.#leads.add(id);
      else if (!certainClaim.has(fate)) this.#unanswered.set(claim, id);
      this.#claimed.set(environment, (this.#claimed.get(environment) ?? new Set()).add(id));
    } else if (fate === "done") this.#unanswered.delete(claim);
    else if (this.#answered.has(claim)) this.#leads.add(id);
  }

  /** Leads whose state in the ledger may be wrong, by their ids. */
  get leads(): readonly string[] {
    return [...this.#leads, ...this.#unanswered.values()];
  }

  /** An environment died. */
  addClaims(environment: string): void {
    for (const id of this.#claimed.get(environment) ?? []) this.#leads.add(id);
  }
}
