import { Sesv2AccountSuppressionAttributes } from "@cdktf/provider-aws/lib/sesv2-account-suppression-attributes/index.js";
import { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import { Sesv2ConfigurationSetEventDestination } from "@cdktf/provider-aws/lib/sesv2-configuration-set-event-destination/index.js";
import type { Construct } from "constructs";

/** Dimension of a configuration set's metrics in CloudWatch. SES tags every message with it. */
export const configurationSetDimension = "ses:configuration-set";

/** Events that say that an email failed after SES had accepted it. */
const emailFailures = ["BOUNCE", "COMPLAINT", "REJECT"] as const;

/** Events that put an address on the suppression list. SES then no longer sends to it. */
const suppressedReasons = ["BOUNCE", "COMPLAINT"];

/**
 * Creates a configuration set whose failures CloudWatch counts (namespace `AWS/SES`, metrics `Bounce`, `Complaint` and
 * `Reject`). It also switches on the suppression of bounces and complaints, for the set and for the account in this Region.
 * Events are counted and not published to a topic, because an event carries the email's subject, which may name a person.
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination-cloudwatch.html
 * @param name up to 64 letters, digits, dashes and underscores
 */
export function emailConfigurationSet(scope: Construct, name: string): Sesv2ConfigurationSet {
  const set = new Sesv2ConfigurationSet(scope, "configuration-set", {
    configurationSetName: name,
    deliveryOptions: { tlsPolicy: "REQUIRE" },
    reputationOptions: { reputationMetricsEnabled: true },
    sendingOptions: { sendingEnabled: true },
    suppressionOptions: { suppressedReasons },
  });
  new Sesv2ConfigurationSetEventDestination(scope, "configuration-set-event-destination", {
    configurationSetName: set.configurationSetName,
    eventDestinationName: "metrics",
    eventDestination: {
      enabled: true,
      matchingEventTypes: [...emailFailures],
      cloudWatchDestination: {
        dimensionConfiguration: [
          {
            dimensionName: configurationSetDimension,
            dimensionValueSource: "MESSAGE_TAG",
            defaultDimensionValue: name,
          },
        ],
      },
    },
  });
  new Sesv2AccountSuppressionAttributes(scope, "account-suppression-attributes", { suppressedReasons });
  return set;
}
