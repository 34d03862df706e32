/** A message that a chat shows. */
export interface ChatMessage {
  /** The destination that the message was posted to. */
  readonly channel: string;
  readonly at: number;
  readonly leadIds: readonly string[];
  /** Short names of leads, as digests use them. */
  readonly leadRefs: readonly string[];
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A simulated chat whose destinations have an incoming webhook each. */
export interface Chat {
  readonly messages: readonly ChatMessage[];
  /** Where the messages can be read in a browser. */
  readonly url: string;
  /** The URL of a destination's webhook, which is made when it is first asked for. */
  webhookUrl(destination: string): string;
  on(event: "message", listener: (message: ChatMessage) => void): unknown;
  start(): Promise<void>;
  /** Forgets the messages before a time. */
  forget(before: Date): void;
  stop(): Promise<void>;
}
