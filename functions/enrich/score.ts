/** What of a lead counts; a part that is undefined is not known. */
export interface Scored {
  readonly email: { readonly freeMail: boolean; readonly disposable: boolean } | undefined;
  readonly phone: object | undefined;
  readonly company: { readonly name?: string; readonly domain?: string; readonly employees?: number } | undefined;
  readonly jobTitle: string | undefined;
  readonly message: string | undefined;
}

/**
 * How promising a lead looks, 0 to 100: it decides which leads a digest shows first, and rules may route by it. Made of
 * what says that a company is behind it, that it can be reached, and that it wants something.
 */
export function score({ email, phone, company, jobTitle, message }: Scored): number {
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
