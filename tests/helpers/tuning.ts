import { brokenTuningRules, functionTuning, type WorkerKnobs, workerTuning } from "../../modules/tuning.ts";

/** The rules that one worker breaks which has these knobs and defaults else. */
export const brokenByWorker = (knobs: WorkerKnobs) =>
  brokenTuningRules({ http: {}, workers: { worker: workerTuning(knobs) }, latencyBudgetSeconds: 86_400 }, "test");

/** The rules that a flow of two workers breaks against a latency budget. */
export const brokenByFlow = (latencyBudgetSeconds: number, ...workers: WorkerKnobs[]) =>
  brokenTuningRules(
    {
      http: { first: functionTuning({}) },
      workers: Object.fromEntries(workers.map((knobs, index) => [`worker${index}`, workerTuning(knobs)])),
      latencyBudgetSeconds,
    },
    "test",
  );
