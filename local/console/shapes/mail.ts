/** Mails to the sales team, and those of alarms. */
export type MailList = "sales" | "alarms";

export interface MailRow {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly to: string;
  readonly subject: string;
}

/** The latest mails of a list, the newest first, and how many there are in each. */
export interface MailsView {
  readonly counts: Readonly<Record<MailList, number>>;
  readonly mails: readonly MailRow[];
}

/** A whole mail. Its HTML part has an address of its own. */
export interface MailView extends MailRow {
  readonly hasHtml: boolean;
  readonly text: string;
  /** In lines. */
  readonly headers: string;
}
