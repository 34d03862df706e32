import type { InferType } from "yup";
import { type ByStage, byStage } from "../flow.ts";
import { type FunctionTuning, functionTuning, type WorkerTuning, workerTuning } from "../modules/tuning/knobs.ts";
import type { environmentSchema } from "./schema/environment.ts";

/** A type whose properties are all read-only, and whose optional ones are never `undefined`. */
type ReadonlyDeep<T> = T extends object ? { readonly [Key in keyof T]: ReadonlyDeep<Exclude<T[Key], undefined>> } : T;

/**
 * What one deployment of the pipeline is made of. Every difference between environments is a value here. docs/tuning.md
 * lists the settings.
 */
export type Environment = ReadonlyDeep<InferType<typeof environmentSchema>>;

/** The AWS account and Region of resources or of Terraform's state. */
export type Account = Pick<Environment, "accountId" | "region">;

/** How leads go out by email when Slack fails. */
export type Email = Environment["email"];

/** Tuning of every stage with every default filled in. */
export type EnvironmentTuning = ByStage<FunctionTuning, WorkerTuning>;

/** Fills in the defaults of an environment's tuning. */
export const environmentTuning = ({ tuning }: Pick<Environment, "tuning">): EnvironmentTuning =>
  byStage(
    (name) => functionTuning(tuning[name]),
    (name) => workerTuning(tuning[name]),
  );
