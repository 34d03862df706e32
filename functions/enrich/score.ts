import type { Details } from "../lead/enriched-lead.ts";

/** How promising a lead looks, 0 to 100, and what the points are for, in words. */
interface Score {
  readonly points: number;
  readonly reasons: readonly string[];
}

/**
 * Scores a lead. A digest shows leads with a high score first, and routes can use it. Points are given for signs of a company,
 * for ways to reach the person, and for what the person says. A disposable mailbox scores 0.
 */
export function score({ email, phone, company, jobTitle, message }: Details): Score {
  if (email?.disposable) return { points: 0, reasons: ["throw-away email address"] };
  const signs = [
    email && !email.freeMail && { points: 30, reason: "company email address" },
    email && phone && { points: 15, reason: "email and phone" },
    (company?.name || company?.domain) && { points: 15, reason: "company known" },
    sizeOf(company?.employees ?? 0),
    jobTitle && { points: 10, reason: "job title" },
    message && { points: 10, reason: "message" },
  ].filter((sign) => typeof sign === "object");
  return { points: signs.reduce((sum, { points }) => sum + points, 0), reasons: signs.map(({ reason }) => reason) };
}

function sizeOf(employees: number) {
  if (employees >= 1000) return { points: 20, reason: "1,000 people or more" };
  if (employees >= 100) return { points: 15, reason: "100 people or more" };
  return employees >= 10 ? { points: 10, reason: "10 people or more" } : undefined;
}
