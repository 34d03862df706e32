import {
  listOf,
  number,
  type OptionSpecs,
  oneOf,
  optional,
  text,
  type Values,
  wholeNumber,
  withDefault,
} from "../command-line/options.ts";
import type { Command } from "../command-line/program.ts";
import { workerNames } from "../flow.ts";
import { slackDeclaration } from "../functions/notify/channels/slack/declaration.ts";

/** A benchmark, which is loaded when it runs. It prints its figures as tables. */
const benchmark = <Options extends OptionSpecs>(
  name: string,
  summary: string,
  options: Options,
  load: () => Promise<{ run(values: Values<Options>): Promise<void> }>,
): Command<Options> => ({
  name,
  summary,
  options,
  async run(values) {
    const { run } = await load();
    await run(values);
    return 0;
  },
});

/** Four fifths of the leads that Slack takes in a second when every message is full. */
const steadyRate = slackDeclaration.capacity * 0.8;

/** The benchmarks, each beside a floor, the least that the same work can take. `fuzz` has limits instead. */
export const benchmarks: readonly Command[] = [
  benchmark(
    "burst",
    "Measures how long a burst of leads takes until the last one is visible in Slack, and what a million leads cost.",
    {
      bursts: withDefault("1,10,100,1000,10000", "Sizes of the bursts.", listOf(wholeNumber(1, 1_000_000)), "1,10"),
    },
    () => import("./burst.bench.ts"),
  ),
  benchmark(
    "channels",
    "Measures how long the leads of one Slack channel take while other channels, and SES, are silent.",
    { leads: withDefault("40", "Leads of each channel, one every 1.5 seconds.", wholeNumber(1, 10_000), "10") },
    () => import("./channels.bench.ts"),
  ),
  benchmark(
    "cold-start",
    "Measures the import of each function's bundle in a new process, and its size.",
    {},
    () => import("./cold-start.bench.ts"),
  ),
  benchmark(
    "console",
    "Measures what a browser that looks at the console costs a burst, and the longest task of its pages. Needs Chromium.",
    {
      leads: withDefault("10000", "Leads of the burst.", wholeNumber(1, 1_000_000), "1000"),
      rounds: withDefault("1", "Rounds, each without a browser and then with one.", wholeNumber(1, 100), "2"),
      pages: withDefault("flow", "Pages that are open.", listOf(text("name", "names of pages")), "flow,leads"),
    },
    () => import("./console.bench.ts"),
  ),
  benchmark(
    "cpu",
    "Measures the CPU time that each worker spends on a lead in full batches.",
    { workers: withDefault(workerNames.join(","), "Functions to measure.", listOf(oneOf(workerNames)), "enrich") },
    () => import("./cpu.bench.ts"),
  ),
  benchmark(
    "load",
    "Compares simulated bursts with the local run: time to drain and Slack messages.",
    { bursts: withDefault("100,1000", "Sizes of the bursts.", listOf(wholeNumber(1, 10_000)), "100") },
    () => import("./load.bench.ts"),
  ),
  benchmark(
    "fuzz",
    "Takes fuzzed bodies through the whole chain: limits, schema, CPU time. A million take half an hour.",
    {
      bodies: withDefault("100000", "Bodies.", wholeNumber(1, 10_000_000), "1000000"),
      seed: withDefault(
        "1",
        "Seed of the first 1,000 bodies; each further 1,000 have the next one.",
        wholeNumber(1, 1e9),
        "7",
      ),
    },
    () => import("./fuzz.bench.ts"),
  ),
  benchmark(
    "hostile",
    "Measures the CPU time of texts that are made to cost much, beside plain texts of the same size.",
    {},
    () => import("./hostile.bench.ts"),
  ),
  benchmark(
    "unproven",
    "Sends requests without a proof, with a changed one and with any body to the door of every source format.",
    {
      requests: withDefault("100000", "Requests for each format.", wholeNumber(1, 10_000_000), "1000000"),
      seed: withDefault("1", "Seed of the requests.", wholeNumber(1, 1e9), "7"),
    },
    () => import("./unproven.bench.ts"),
  ),
  benchmark(
    "crash",
    "Simulates faults and crashes, seed by seed, and looks for every lead.",
    {
      seeds: withDefault("20000", "Number of seeds, from 1 on.", wholeNumber(1, 10_000_000), "500"),
      seed: optional("Runs this seed alone and prints its events in order.", wholeNumber(1, 10_000_000), "42"),
    },
    () => import("./crash.bench.ts"),
  ),
  benchmark(
    "soak",
    "Measures memory and queues under a steady load.",
    {
      minutes: withDefault("10", "Minutes of load, after a warm-up of one minute.", number(0.1, 1440), "1"),
      rate: withDefault(String(steadyRate), "Leads a second.", wholeNumber(1, 1000), "10"),
    },
    () => import("./soak.bench.ts"),
  ),
  benchmark(
    "reconcile",
    "Measures the comparisons of reconciliation: CPU time, memory, and how both grow with the leads.",
    { leads: withDefault("10000,100000", "Numbers of leads.", listOf(wholeNumber(1, 1_000_000)), "10000") },
    () => import("./reconcile.bench.ts"),
  ),
  benchmark(
    "review",
    "Measures npm run ops -- review for 2,000 resources and for a changed setting: time and peak memory.",
    {},
    () => import("./review.bench.ts"),
  ),
  benchmark(
    "query",
    "Measures the named queries of npm run query over made-up leads: time, CPU time and peak memory.",
    {
      leads: withDefault("10000,100000,1000000", "Numbers of leads.", listOf(wholeNumber(1000, 10_000_000)), "10000"),
    },
    () => import("./query.bench.ts"),
  ),
  benchmark(
    "counts",
    "Compares the rows of the named queries over a run's objects with an independent count.",
    {
      dir: optional("A folder of objects. Default: those of the latest local run.", text("folder", "a path"), "leads"),
    },
    () => import("./counts.bench.ts"),
  ),
  benchmark(
    "starts",
    "Simulates webhooks that come at once to prod's cold functions, and counts those that are answered 503, with and without SSM's high throughput.",
    { webhooks: withDefault("500", "Webhooks.", wholeNumber(1, 10_000), "100") },
    () => import("./starts.bench.ts"),
  ),
  benchmark("synth", "Measures npm run synth for all stacks.", {}, () => import("./synth.bench.ts")),
];
