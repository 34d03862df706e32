import { Sesv2AccountSuppressionAttributes } from "@cdktf/provider-aws/lib/sesv2-account-suppression-attributes/index.js";
import { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import { Sesv2ConfigurationSetEventDestination } from "@cdktf/provider-aws/lib/sesv2-configuration-set-event-destination/index.js";
import type { Construct } from "constructs";

/** Dimension under which CloudWatch counts a configuration set's events; SES tags every message with it. */
export const configurationSetDimension = "ses:configuration-set";

/** What went wrong with an email after SES had accepted it. */
export const emailFailures = ["BOUNCE", "COMPLAINT", "REJECT"] as const;

/** Why an address is put on the suppression list, and is not written to any more. */
const suppressedReasons = ["BOUNCE", "COMPLAINT"];

/**
 * A configuration set whose failures CloudWatch counts (`AWS/SES`, metrics `Bounce`, `Complaint` and `Reject`), and the
 * suppression of bounces and complaints, which is set for the account in this Region too. The events are counted and not
 * published to a topic, because an event carries the mail's subject, which names a lead.
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination-cloudwatch.html
 * @param name the configuration set's: up to 64 letters, digits, dashes and underscores
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
