/** Messages of a channel that a browser gets and shows at most. Each may be a digest of a hundred leads. */
export const shownMessages = 50;

/** A channel of the simulated Slack. */
export interface SlackChannel {
  readonly name: string;
  /** How many messages it holds. */
  readonly count: number;
  /** Number of its latest message, 0 without one. */
  readonly latest: number;
  /** What Slack does to posts to it, and what that means; undefined while it takes them. */
  readonly trouble: string | undefined;
}

export interface SlackMessage {
  /** Grows from message to message. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What Slack shows without blocks. */
  readonly text?: string;
  readonly blocks?: readonly SlackBlock[];
}

/** A block of Block Kit that the simulated Slack has taken. */
export interface SlackBlock {
  readonly type: string;
  readonly text?: SlackText;
  readonly fields?: readonly SlackText[];
  readonly elements?: readonly SlackText[];
}

export interface SlackText {
  readonly type: string;
  readonly text?: string;
}
