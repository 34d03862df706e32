/** A figure. Its tone colours it unless it is 0. */
export type FactView = readonly [name: string, value: number | string, tone?: "good" | "busy" | "warn" | "bad"];

/** A part of the pipeline. */
export interface CardView {
  readonly title: string;
  /** What it is, in AWS' terms. */
  readonly kind: string;
  /** What it does, in a sentence or two. */
  readonly does: string;
  /** The console's page that shows more. */
  readonly more?: readonly [path: string, text: string];
  readonly facts: readonly FactView[];
}

/** The pipeline at a moment. */
export interface FlowView {
  /** Leads by where they are. */
  readonly leads: readonly FactView[];
  /** The parts of each step, in a lead's order. */
  readonly steps: readonly (readonly CardView[])[];
  /** What is on no lead's way. */
  readonly beside: readonly CardView[];
}
