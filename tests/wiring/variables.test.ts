import { suite } from "uvu";
import * as assert from "uvu/assert";
import { variablesOf } from "../../functions/notify/channels/declaration.ts";
import { channels, defaultChannels } from "../../functions/notify/channels/index.ts";
import { failureOf } from "../helpers/failure.ts";
import { type FunctionName, functionHandler, variables } from "./function-module.ts";

/** The variables of the channels of an environment that chooses none, and whether they hold JSON. */
const declared: Readonly<Record<string, string>> = Object.assign(
  {},
  ...defaultChannels.map((name) => variablesOf(channels[name].declaration)),
);
const channelVariables = Object.keys(declared);

/** What each function cannot do without. */
const required: Readonly<Record<FunctionName, readonly string[]>> = {
  ingest: ["LEADWIRE_ENVIRONMENT", "LEADS_BUCKET", "SOURCES", "SOURCE_PARAMETERS"],
  enrich: [
    "LEADWIRE_ENVIRONMENT",
    "LEADS_BUCKET",
    "SOURCES",
    "SOURCE_PARAMETERS",
    "DEAD_LETTER_QUEUE_URL",
    "QUEUE_URL",
    "GIVE_UP_AFTER_HOURS",
  ],
  notify: [
    "LEADWIRE_ENVIRONMENT",
    "LEADS_BUCKET",
    "DEAD_LETTER_QUEUE_URL",
    "QUEUE_URL",
    "LEDGER_TABLE",
    "LEAD_RETENTION_DAYS",
    "GIVE_UP_AFTER_HOURS",
    "GATHER_MILLISECONDS",
    "SAME_PERSON_DAYS",
    "SAME_PERSON",
    ...channelVariables,
  ],
};
const json = [
  "SOURCES",
  "GIVE_UP_AFTER_HOURS",
  "LEAD_RETENTION_DAYS",
  "GATHER_MILLISECONDS",
  "SAME_PERSON_DAYS",
  ...channelVariables.filter((name) => declared[name] === "json"),
];

const wiring = suite("functions :: variables");
for (const [name, needed] of Object.entries(required) as [FunctionName, (typeof required)[FunctionName]][]) {
  wiring(`${name} starts with what it needs and nothing else`, async () => {
    const others = Object.keys(variables).filter((variable) => !needed.some((own) => own === variable));
    const handler = await functionHandler(name, Object.fromEntries(others.map((variable) => [variable, undefined])));
    assert.type(handler, "function");
  });
  for (const variable of needed) {
    wiring(`${name} does not start without ${variable}, and says so`, async () => {
      for (const missing of [undefined, ""]) {
        const { message } = await failureOf(functionHandler(name, { [variable]: missing }));
        assert.match(message, `Environment variable ${variable} is not set`);
      }
    });
  }
  for (const variable of needed.filter((one) => json.includes(one))) {
    wiring(`${name} does not start when ${variable} is not JSON`, async () => {
      const { message } = await failureOf(functionHandler(name, { [variable]: "{crm" }));
      assert.match(message, `Environment variable ${variable} is not JSON`);
    });
  }
}
wiring.run();
