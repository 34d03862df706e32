import * as yup from "yup";
import { about, isoTime, leadId, line, mark, sourceName, value, wholeNumber } from "./fields.ts";

/** What can become of a lead. A lead can have several outcomes: one that was dead-lettered can be announced later. */
const outcomes = ["announced", "deadLettered", "ignored"] as const;

/** 3,000 years: whoever drops a file can write any time in the past into its metadata. */
const maxMilliseconds = 1e14;

/**
 * An outcome: what became of a lead, in an object under `outcomes/`, one line for each lead of a message. Outcomes are for
 * statistics. The ledger and the dead letter queues decide, so a missing outcome loses no lead. It holds no personal data.
 */
export const outcomeSchema = yup
  .object({
    schemaVersion: value<1>("1", { type: "integer", const: 1 }, (given) => given === 1)
      .required()
      .meta(about("Version of the shape.")),
    id: leadId().required().meta(about("The lead's id.")),
    source: sourceName().required().meta(about("The source's name in the environment.")),
    test: mark().meta(about("The lead is marked as a test.")),
    outcome: value<(typeof outcomes)[number]>(outcomes.join(", "), { type: "string", enum: outcomes }, (given) =>
      outcomes.some((name) => name === given),
    )
      .required()
      .meta(about("What became of the lead.")),
    happenedAt: isoTime().required().meta(about("When it happened: the same for all leads of a message.")),
    receivedAt: isoTime().meta(about("When Leadwire received the lead, if that is known.")),
    milliseconds: wholeNumber(0, maxMilliseconds).meta(about("From the receipt to the outcome.")),
    reason: line(200).meta(
      about("Why the lead was dead-lettered, as a class such as `NoContact`, or ignored, in words."),
    ),
    channel: line(100).meta(about("The channel that announced the lead, such as `slack`.")),
    destination: line(200).meta(about("Where the channel announced it: a name of the routing.")),
    seenBefore: mark().meta(about("The announcement said that the person came before.")),
    mayBeRepeat: mark().meta(about("The announcement said that it may be a repeat.")),
  })
  .required();

export type LeadOutcome = yup.InferType<typeof outcomeSchema>;
