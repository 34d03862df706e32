import * as yup from "yup";
import { isoTime, leadId, line, mark, sourceName, value, wholeNumber } from "./fields.ts";

/** What can become of a lead. A lead can have several outcomes: one that was dead-lettered can be announced later. */
const outcomes = ["announced", "deadLettered", "ignored"] as const;

/** 31 years: a lead that is replayed may be old. */
const maxMilliseconds = 1e12;

/**
 * An outcome: what became of a lead, in an object under `outcomes/`, one line for each lead of a message. Outcomes are for
 * statistics. The ledger and the dead letter queues decide, so a missing outcome loses no lead. It holds no personal data.
 */
export const outcomeSchema = yup
  .object({
    schemaVersion: value<1>("1", { type: "integer", const: 1 }, (given) => given === 1)
      .required()
      .meta({ meaning: "Version of the shape.", personal: false }),
    id: leadId().required().meta({ meaning: "The lead's id.", personal: false }),
    source: sourceName().required().meta({ meaning: "The source's name in the environment.", personal: false }),
    test: mark().meta({
      meaning: "The lead is marked as a test.",
      personal: false,
    }),
    outcome: value<(typeof outcomes)[number]>(outcomes.join(", "), { type: "string", enum: outcomes }, (given) =>
      outcomes.some((name) => name === given),
    )
      .required()
      .meta({ meaning: "What became of the lead.", personal: false }),
    at: isoTime().required().meta({ meaning: "When it happened.", personal: false }),
    receivedAt: isoTime().meta({ meaning: "When Leadwire received the lead, if that is known.", personal: false }),
    milliseconds: wholeNumber(0, maxMilliseconds).meta({
      meaning: "From the receipt to the outcome.",
      personal: false,
    }),
    reason: line(200).meta({
      meaning: "Why the lead was dead-lettered, as a class such as `NoContact`, or ignored, in words.",
      personal: false,
    }),
    channel: line(100).meta({ meaning: "The channel that announced the lead, such as `slack`.", personal: false }),
    destination: line(200).meta({ meaning: "Where the channel announced it: a name of the routing.", personal: false }),
    together: wholeNumber(1, 10_000).meta({
      meaning: "Leads in the same message, with this one.",
      personal: false,
    }),
    seenBefore: mark().meta({
      meaning: "The announcement said that the person came before.",
      personal: false,
    }),
    mayBeRepeat: mark().meta({
      meaning: "The announcement said that it may be a repeat.",
      personal: false,
    }),
  })
  .required();

export type LeadOutcome = yup.InferType<typeof outcomeSchema>;
