import { uniqBy } from "es-toolkit/array";
import { sumBy } from "es-toolkit/math";
import { type AnySchema, ArraySchema, ObjectSchema } from "yup";
import { namedQueries } from "../../analytics/queries.ts";
import { fixedCost, type StackJson } from "../../cost/fixed.ts";
import { type Price, prices } from "../../cost/prices.ts";
import { channelSettings, type Environment, routingOf, sourcesOf } from "../../environments/environment.ts";
import { deployedNames, environments } from "../../environments/index.ts";
import { ownSettings } from "../../environments/schema/consumers.ts";
import { productionEmail } from "../../environments/schema/email.ts";
import { shapeOf } from "../../environments/schema/environment.ts";
import { commonSettings } from "../../environments/schema/sources.ts";
import { smokeSource } from "../../functions/lead/lead-id.ts";
import { destinationsOf } from "../../functions/lead/routing.ts";
import { channelNames, channels, isWebhookChannel } from "../../functions/notify/channels/index.ts";
import { secretsOf } from "../../functions/sources/declaration.ts";
import { sourceFormats } from "../../functions/sources/index.ts";
import { functionKnobs, type Knob, queueKnobs } from "../../modules/tuning/knobs.ts";
import { alarmsOf } from "../../stacks/alarms.ts";
import { consumers } from "../../stacks/consumers/index.ts";
import { parameterName } from "../../stacks/stages/parameters.ts";
import { leadJsonSchema, leadTable, outcomeTable } from "./lead-schema.ts";
import { markdownTable, type Table } from "./markdown.ts";
import { redshiftSql } from "./redshift-sql.ts";

const thousands = (value: number) => value.toLocaleString("en-US");

function knobRow([name, knob]: [string, Knob]): string[] {
  const { unit, minimum, maximum, alsoAllowed, default: value, defaultText = "", meaning, changeWhen } = knob;
  const range = maximum === undefined ? `from ${minimum}` : `${thousands(minimum)} to ${thousands(maximum)}`;
  return [
    `\`${name}\``,
    unit,
    [range, ...(alsoAllowed ? [alsoAllowed] : [])].join("; "),
    value === undefined ? defaultText : thousands(value),
    meaning,
    changeWhen,
  ];
}

const knobTable = (knobs: Readonly<Record<string, Knob>>): Table => [
  ["knob", "unit", "allowed", "default", "what it does", "change it when"],
  ...Object.entries(knobs).map(knobRow),
];

/** A row for every setting of a schema that has a meaning, and for those of the objects in it. */
function settingRows(fields: Readonly<Record<string, unknown>>, at: string): string[][] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const path = `${at}${name}`;
    if (field instanceof ObjectSchema) return settingRows(field.fields, `${path}.`);
    const { allowed, meaning } = (field as AnySchema).meta?.() ?? {};
    if (!allowed || !meaning) return [];
    const optional = !(field instanceof ArraySchema) && (field as AnySchema).spec.optional;
    return [[`\`${path}\``, optional ? `${allowed}, or unset` : allowed, meaning]];
  });
}

/** The settings of an environment besides tuning. Production email has every setting of email. */
const settingTable: Table = [
  ["setting", "allowed", "what it is for"],
  ...settingRows({ ...shapeOf(channelNames).fields, email: productionEmail }, ""),
];

/** The settings of consumers that have no worker. */
const consumerTable: Table = [["setting", "allowed", "what it is for"], ...settingRows(ownSettings, "consumers.")];

/** The settings of every source; its format has more. */
const sourceTable: Table = [["setting", "allowed", "what it is for"], ...settingRows(commonSettings, "")];

/** The alarms of the stages with every channel and setting, then those of every consumer. */
const allAlarms = [
  ...alarmsOf(
    Object.values(channels).map(({ declaration }) => declaration),
    1,
  ),
  ...Object.values(consumers).flatMap((consumer) => consumer.alarms),
];

const alarmTable: Table = [
  ["alarm", "severity", "what it means", "what to do first"],
  ...allAlarms.map(({ name, severity, meaning, firstStep }) => [`\`…-${name}\``, severity, meaning, firstStep]),
];

const priceTable: Table = [
  ["service", "what", "price"],
  ...Object.values(prices).map(({ service, what, dollars, per, source }: Price) => [
    `[${service}](${source})`,
    what,
    `$${dollars} ${per ? `for ${thousands(per)}` : "a month each"}`,
  ]),
];

/**
 * What environments cost in a month without a single lead, and at most beside what each lead costs.
 * @param stacks the synthesized stack of each environment
 */
export function fixedCostTable(stacks: Readonly<Record<string, StackJson>>): Table {
  const names = Object.keys(stacks);
  const costs = Object.values(stacks).map(fixedCost);
  const rows = uniqBy(costs.flat(), ({ what }) => what).map(({ service, what }) => [
    `${service}: ${what}`,
    ...costs.map((lines) => {
      const { count = 0, dollars = 0 } = lines.find((line) => line.what === what) ?? {};
      return `${thousands(count)}: $${dollars.toFixed(2)}`;
    }),
  ]);
  const all = (leads: boolean) =>
    costs.map((lines) => {
      const billed = lines.filter(({ withLeads }) => leads || !withLeads);
      return `$${sumBy(billed, ({ dollars }) => dollars).toFixed(2)}`;
    });
  return [["a month", ...names], ...rows, ["without a lead", ...all(false)], ["at most", ...all(true)]];
}

/** A row for every secret that somebody must store before an environment works. */
function secretRows(name: string, environment: Environment): string[][] {
  const at = (...parts: string[]) => `\`${parameterName(name, ...parts)}\``;
  const webhooks = Object.keys(channelSettings(environment))
    .filter(isWebhookChannel)
    .flatMap((channel) =>
      destinationsOf(routingOf(environment)).map((destination) => [
        at(channel, destination, "webhook-url"),
        `[webhook](#a-slack-webhook) of ${destination} in ${channels[channel].declaration.title}`,
      ]),
    );
  const sources = Object.entries(sourcesOf(environment)).flatMap(([source, { format }]) =>
    secretsOf(sourceFormats[format]).map((secret) => [
      at("sources", source, secret),
      source === smokeSource
        ? "a [signing secret](#a-sources-secret) for smoke tests only"
        : `secret of the source ${source}, [${format}](sources/${format}.md)`,
    ]),
  );
  const pager = environment.pagerDuty ? [[at("pagerduty", "integration-url"), "[integration URL](#pagerduty)"]] : [];
  return [...webhooks, ...sources, ...pager];
}

const secretTable: Table = [
  ["parameter", "what it holds"],
  ...deployedNames.flatMap((name) => secretRows(name, environments[name])),
];

const queryTable: Table = [
  ["query", "what it gives"],
  ...namedQueries.map(({ name, meaning }) => [`\`${name}\``, meaning]),
];

/** The tables of the documentation that come from code, by file and by the name in their markers. */
export const documentTables: Readonly<Record<string, Readonly<Record<string, Table>>>> = {
  "docs/tuning.md": {
    "function knobs": knobTable(functionKnobs),
    "queue knobs": knobTable(queueKnobs),
    settings: settingTable,
    "source settings": sourceTable,
    "consumer settings": consumerTable,
  },
  "docs/first-deployment.md": { secrets: secretTable },
  "docs/cost.md": { prices: priceTable },
  "README.md": { alarms: alarmTable },
  "docs/query.md": { queries: queryTable },
  "docs/lead.md": { fields: leadTable, outcomes: outcomeTable },
};

/** Files of the documentation that come from code as a whole. */
export const generatedDocuments: Readonly<Record<string, string>> = {
  "docs/enriched-lead.schema.json": leadJsonSchema,
  "docs/redshift.sql": redshiftSql,
};

/**
 * Replaces the tables between the markers `<!-- table: NAME -->` and `<!-- end -->` in a document.
 * @throws Error if a table has no markers
 */
export function withTables(document: string, tables: Readonly<Record<string, Table>>): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const start = `<!-- table: ${name} -->`;
    const [before, after, ...more] = text.split(start);
    const end = after?.indexOf("<!-- end -->") ?? -1;
    if (before === undefined || after === undefined || more.length > 0 || end === -1) {
      throw new Error(`The document needs one "${start}" and an "<!-- end -->" after it.`);
    }
    return `${before}${start}\n${markdownTable(table)}\n${after.slice(end)}`;
  }, document);
}
