import { EventEmitter } from "node:events";
import type { Denial } from "./decide.ts";

export interface DenialEntry {
  /** The function, or the service that wanted to deliver. */
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  readonly decision: Denial;
}

/** Keeps every denial once, with how often it happened. Emits a line when one happens for the first time. */
export class DenialLog extends EventEmitter<{ denied: [line: string] }> {
  readonly #entries = new Map<string, DenialEntry & { readonly count: number }>();

  add(entry: DenialEntry): void {
    const key = JSON.stringify([entry.caller, entry.action, entry.resource, entry.decision.reason]);
    const count = (this.#entries.get(key)?.count ?? 0) + 1;
    this.#entries.set(key, { ...entry, count });
    if (count === 1) this.emit("denied", described(entry));
  }

  get entries(): readonly (DenialEntry & { readonly count: number })[] {
    return [...this.#entries.values()];
  }

  lines(): readonly string[] {
    return this.entries.map((entry) => described(entry, ` (${entry.count}×)`));
  }
}

const described = ({ caller, action, resource, decision }: DenialEntry, times = "") =>
  `${caller} was denied ${action} on ${resource}${times}. ${remedy(decision)}`;

/** What to change so that the call is allowed. */
export function remedy(decision: Denial): string {
  if (decision.reason === "explicitDeny") {
    const { policy, index, statement } = decision.statement;
    return `An explicit deny stands in ${policy.name}, statement ${statement.sid ?? index}.`;
  }
  const needed = `Needed: ${JSON.stringify(decision.neededStatement)}`;
  if (decision.boundary) return `The permissions boundary ${decision.boundary.name} does not allow it. ${needed}`;
  if (!decision.unmet) return needed;
  const { statement, condition } = decision.unmet;
  const name = `${statement.policy.name}, statement ${statement.statement.sid ?? statement.index}`;
  return `${name}, would allow it but for its condition ${condition.name} ${condition.key}. ${needed}`;
}
