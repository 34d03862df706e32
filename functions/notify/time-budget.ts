/**
 * Seconds that each step of an announcement may take at the end of an invocation. notify plans backwards from its timeout:
 * a post that begins at the last moment, its email and the ledger all find room.
 */
export const notifyBudget = {
  /** A message to Slack: reading the webhook's URL, every try, and the pauses between them. */
  slack: 5,
  /** Asking whether anybody can be reached by email. */
  suppression: 2,
  /** Handing the email to SES, tries after a throttle included. */
  email: 4,
  /** Writing down what became of it, and letting messages come back. */
  settle: 1,
} as const;

/** Seconds before the end of an invocation after which no post to Slack begins. */
export const reserveSeconds = Object.values(notifyBudget).reduce((sum, seconds) => sum + seconds, 0);
