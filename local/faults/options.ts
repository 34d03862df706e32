import {
  flag,
  type Kind,
  listOf,
  number,
  oneOf,
  optional,
  type Values,
  wholeNumber,
  withDefault,
} from "../../command-line/options.ts";
import { environmentNames } from "../../environments/index.ts";
import { type FaultName, faultNames } from "./faults.ts";
import { outageNames } from "./outage.ts";

const list = listOf(oneOf(faultNames));
const faultList: Kind<readonly FaultName[]> = {
  placeholder: "list",
  allowed: `all, none, or ${list.allowed}`,
  read(given) {
    if (given === "all") return faultNames;
    return given === "none" ? [] : list.read(given);
  },
};

export const faultOptions = {
  env: withDefault("dev", "The environment whose stack runs, on this machine only.", oneOf(environmentNames), "prod"),
  leads: optional(
    "Leads, sent evenly over the minutes. Invalid leads are sent in addition. Default: 300, or with --outage 30 a minute.",
    wholeNumber(1, 100_000),
    "60",
  ),
  seed: withDefault("1", "Faults, people and ids are drawn from it.", wholeNumber(0, 2 ** 32 - 1), "7"),
  minutes: withDefault("1", "Minutes for which leads are sent and faults happen.", number(0.1, 120), "0.5"),
  faults: optional("The faults that happen, each now and then. Default: all.", faultList, "slack-down,crm-twice"),
  silent: optional(
    "Seconds from the start in which EventBridge loses all events. The leads are found and replayed in the end.",
    number(1, 3600),
    "300",
  ),
  outage: optional(
    "Takes these services down for all of the minutes, and nothing else. It excludes --faults and --silent.",
    oneOf(outageNames),
    "slack+email",
  ),
  json: flag("Prints the figures as one JSON object on the last line too."),
};

export type FaultOptions = Values<typeof faultOptions>;

/** How many leads a run sends, beside those before an outage. */
export const leadsOf = ({ leads, outage, minutes }: Pick<FaultOptions, "leads" | "outage" | "minutes">): number =>
  leads ?? (outage === undefined ? 300 : Math.ceil(minutes * 30));
