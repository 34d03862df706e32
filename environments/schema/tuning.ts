import { mapValues } from "es-toolkit/object";
import { lazy, number, object } from "yup";
import { byStage } from "../../flow.ts";
import { functionKnobs, workerKnobs } from "../../modules/tuning/knobs.ts";
import { ownSettings } from "./consumers.ts";
import { rule } from "./rules.ts";

const functionSettings = object(mapValues(functionKnobs, () => number())).required();
const workerSettings = object(mapValues(workerKnobs, () => number())).required();

/** Tuning whose knobs have the right types, so that its rules can be checked. */
export const readableTuning = object(
  byStage(
    () => functionSettings,
    () => workerSettings,
  ),
).required();

/** The same without knobs that do not exist. Ranges are checked by the rules of modules/tuning, on complete tuning. */
export const tuning = object(
  byStage(
    () => functionSettings.noUnknown(),
    () => workerSettings.noUnknown(),
  ),
)
  .noUnknown()
  .required();

const consumerNames = rule<object>(
  {
    bound: "consumers whose names match ^[a-z][a-z0-9-]{1,30}$",
    reason: "A consumer's name is part of the names of its queue and function.",
    link: "docs/tuning.md#consumers",
  },
  (consumers) => Object.keys(consumers).every((name) => /^[a-z][a-z0-9-]{1,30}$/.test(name)),
);

const settingsOf = (name: string) =>
  Object.entries(ownSettings)
    .find(([own]) => own === name)?.[1]
    .required() ?? workerSettings.noUnknown();

/** Knobs of every consumer whose knobs have the right types, or its own settings. */
export const consumers = lazy((value: object | undefined) =>
  object(Object.fromEntries(Object.keys(value ?? {}).map((name) => [name, settingsOf(name)])))
    .optional()
    .test(consumerNames),
);
