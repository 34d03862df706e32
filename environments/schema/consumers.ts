import { boolean, object } from "yup";
import { distinct, docs, text, wholeNumber } from "./rules.ts";

const analysts = {
  bound: "1 to 20 different roles or users of the account, such as role/analyst; * stands for any text beside a letter",
  meaning: "Who may assume the role of analysts, see [Analysts](consumers.md#analysts).",
  link: "docs/consumers.md#analysts",
};

const athena = object({
  analysts: distinct(text(analysts, /^(role|user)\/(?=\W*\w)[\w+=,.@/*-]{1,512}$/), 20, analysts),
  personalData: boolean().required().meta({
    allowed: "true or false",
    meaning:
      "Whether the tables have columns that say something of a person, see [Personal data](consumers.md#personal-data).",
  }),
  gigabytesPerQuery: wholeNumber(1, 10_000, {
    meaning: "Gigabytes that a query reads at most. Athena stops a query that would read more.",
    reason: "AWS bills what a query reads, and a typing mistake must not read everything again and again.",
    link: `${docs}/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html`,
  }),
}).noUnknown();

const databaseUsers = {
  bound: "1 to 20 different users of a cluster, such as warehouse/loader",
  meaning: "Who may assume the role for COPY, see [Redshift](consumers.md#redshift).",
  link: `${docs}/redshift/latest/mgmt/authorizing-redshift-service-database-users.html`,
};

const redshift = object({
  databaseUsers: distinct(text(databaseUsers, /^[a-z][a-z0-9-]{0,126}\/[\w:.@-]{1,127}$/), 20, databaseUsers),
}).noUnknown();

/** The settings of consumers that have no worker, by the consumer's name. All others have the knobs of a worker. */
export const ownSettings = { athena, redshift };
