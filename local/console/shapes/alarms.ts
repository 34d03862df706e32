/** What does not change of an alarm. */
export interface AlarmView {
  readonly name: string;
  readonly description: string;
  /** Whom it reaches: `page` somebody now, `email` somebody in the daytime; undefined for nobody. */
  readonly severity: "page" | "email" | undefined;
  /** Its metric and when it rings, in words. */
  readonly condition: string;
  readonly threshold: number;
}

/** What changes of an alarm. */
export interface AlarmNow {
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  /** Its latest change: when, in milliseconds since 1970, from which state, and why. */
  readonly changed: { readonly at: number; readonly from: AlarmNow["state"]; readonly reason: string } | undefined;
  /** Its metric in the latest two minutes, the oldest first. */
  readonly points: readonly (readonly [secondsAgo: number, value: number])[];
}
