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

/** The settings of consumers that have no worker, by the consumer's name. All others have the knobs of a worker. */
export const ownSettings = { athena };
