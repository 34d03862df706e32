import { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import { Sesv2ConfigurationSetEventDestination } from "@cdktf/provider-aws/lib/sesv2-configuration-set-event-destination/index.js";
import type { Construct } from "constructs";

/** Dimension of a configuration set's metrics in CloudWatch. SES tags every message with it. */
export const configurationSetDimension = "ses:configuration-set";

/** Events that say that an email failed after SES had accepted it. */
const emailFailures = ["BOUNCE", "COMPLAINT", "REJECT"] as const;

/**
 * Creates a configuration set whose failures CloudWatch counts (namespace `AWS/SES`, metrics `Bounce`, `Complaint` and
 * `Reject`). An address that bounces or complains about an email of the set gets on the account's suppression list, whatever
 * the account's own setting is, which is not touched. An email is delivered by TLS or not at all.
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
    suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
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
  return set;
}
