import {
  flag,
  type Kind,
  listOf,
  number,
  oneOf,
  optional,
  text,
  type Values,
  wholeNumber,
  withDefault,
} from "../command-line/options.ts";
import { environmentNames } from "../environments/index.ts";

/** How the simulated Slack behaves. */
const slackModes = ["up", "down", "slow", "limited", "resetting", "silent", "uncertain"] as const;
export type SlackMode = (typeof slackModes)[number];

const sourceList = listOf(text("name", "names of sources"));
const sources: Kind<readonly string[]> = {
  ...sourceList,
  allowed: "all, or names of sources with commas between them",
};

export const runOptions = {
  env: withDefault(
    "dev",
    "The environment whose stack runs, leadwire-ENV, on this machine only.",
    oneOf(environmentNames),
    "prod",
  ),
  source: withDefault("all", "The sources of the environment that send leads, in turn.", sources, "crm,website"),
  leads: withDefault("10", "Leads that the sources send.", wholeNumber(0, 1_000_000), "200"),
  rate: optional("Leads a second. Without it, all leads are sent at once.", number(0.01, 100_000), "5"),
  slack: withDefault("up", "How the simulated Slack behaves.", oneOf(slackModes), "limited"),
  seed: withDefault(
    "1",
    "Made-up people, secrets and ids are drawn from it.",
    wholeNumber(0, Number.MAX_SAFE_INTEGER),
    "7",
  ),
  port: withDefault(
    "7272",
    "Port of the run's one address, for the console and for curl. The next free one when it is taken; 0 is any free one.",
    wholeNumber(0, 65_535),
    "8080",
  ),
  stack: optional(
    "Folder with a synthesized stack, cdk.tf.json and its assets. Without it, the stack is synthesized.",
    text("folder", "the path of a folder"),
    "cdktf.out/stacks/leadwire-dev",
  ),
  exit: flag("Ends after the summary."),
  quiet: flag("Prints only what went wrong, addresses and the summary."),
  json: flag("Prints the summary as one JSON object on the last line too."),
};

export type RunOptions = Values<typeof runOptions>;
