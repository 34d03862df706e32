import type { Details } from "../lead/enriched-lead.ts";

/**
 * How promising a lead looks, 0 to 100. A digest shows leads with a high score first, and routes can use it. Points are
 * given for signs of a company, for ways to reach the person, and for what the person says. A disposable mailbox scores 0.
 */
export function score({ email, phone, company, jobTitle, message }: Details): number {
  if (email?.disposable) return 0;
  const employees = company?.employees ?? 0;
  return [
    email && !email.freeMail ? 30 : 0,
    email && phone ? 15 : 0,
    company?.name || company?.domain ? 15 : 0,
    employees >= 1000 ? 20 : employees >= 100 ? 15 : employees >= 10 ? 10 : 0,
    jobTitle ? 10 : 0,
    message ? 10 : 0,
  ].reduce((sum, points) => sum + points, 0);
}
