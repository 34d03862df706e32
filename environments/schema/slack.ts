import { array, object, string } from "yup";
import { text, wholeNumber } from "./rules.ts";

const link = "docs/tuning.md#slack";

const channel = text(
  {
    bound: "a name that matches ^[a-z][a-z0-9-]{0,30}$",
    meaning: "Channel of every lead that no route takes.",
    reason: "It is part of the name of the SSM parameter with the channel's webhook.",
    link,
  },
  /^[a-z][a-z0-9-]{0,30}$/,
);

const route = object({
  channel,
  when: object({
    countries: array().of(string().required()),
    sources: array().of(string().required()),
    leastScore: wholeNumber(1, 100, {
      meaning: "Smallest score that a lead needs.",
      reason: "A score is 0 to 100, and every lead has at least 0.",
      link,
    }).optional(),
    leastEmployees: wholeNumber(1, 10_000_000, {
      meaning: "Smallest number of employees that the lead's company needs.",
      reason: "Every company has at least 0 employees.",
      link,
    }).optional(),
  })
    .noUnknown()
    .required(),
}).noUnknown();

/** Which Slack channel gets which lead. Each has its webhook in the SSM parameter `/leadwire/ENV/slack/CHANNEL/webhook-url`. */
export const slack = object({
  defaultChannel: channel,
  routes: array().of(route).required().meta({
    allowed: "a list of `channel` and `when`, see [Slack](#slack)",
    meaning: "Tried in their order. The first route whose conditions hold takes the lead.",
  }),
  patienceSeconds: wholeNumber(0, 15, {
    meaning: "Seconds for which a 429 of Slack is waited out before leads go out by email.",
    reason: "Afterwards notify needs time for an email, within its timeout.",
    link,
  }),
})
  .noUnknown()
  .required();
