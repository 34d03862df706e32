import type { Review } from "./review.ts";

/** Exit codes by class. */
export const exitCodes = { none: 0, look: 10, approve: 20 } as const;

/** The review as text for a terminal. */
export function textReport({ findings }: Review): string {
  return findings
    .map(({ class: attention, kind, address, summary, before, after, why, todo }) => {
      const values = before === null && after === null ? [] : [`  ${before ?? "(none)"} → ${after ?? "(none)"}`];
      const advice = [why, todo].filter(Boolean).join(" ");
      return [`${attention} ${kind}: ${address} ${summary}`, ...values, ...(advice ? [`  ${advice}`] : [])].join("\n");
    })
    .join("\n");
}

/** The review as one JSON document. */
export const jsonReport = ({ class: highest, findings, counts }: Review): string =>
  JSON.stringify({ class: highest, findings, counts });
