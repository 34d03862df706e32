import { blocksField, field, optionalText, textField } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";

/** What SES knows of the account. */
export interface SesSettings {
  /** Addresses and domains whose identities the stack holds; all count as verified. */
  readonly identities: readonly string[];
  /** Whether recipients must be verified as well; a domain's identity stands for an account that has left the sandbox. */
  readonly sandbox: boolean;
  /** Identity to its MAIL FROM domain. */
  readonly mailFrom: ReadonlyMap<string, string>;
  readonly configurationSets: readonly ConfigurationSet[];
}

interface ConfigurationSet {
  readonly name: string;
  /** `BOUNCE`, `COMPLAINT`, both or neither: what puts an address on the account's suppression list. */
  readonly suppressedReasons: readonly string[];
  /** Where its events are counted. */
  readonly metrics: readonly EventMetrics[];
}

interface EventMetrics {
  /** Such as `BOUNCE`. */
  readonly eventTypes: readonly unknown[];
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What puts an address on the suppression list where no configuration set says otherwise: the default of an account. */
export const accountReasons: readonly string[] = ["BOUNCE", "COMPLAINT"];

export function sesSettings(stack: Stack): SesSettings {
  const identities = stack.of("aws_sesv2_email_identity").map((identity) => textField(identity, "email_identity"));
  return {
    identities,
    sandbox: identities.every((identity) => identity.includes("@")),
    mailFrom: new Map(
      stack
        .of("aws_sesv2_email_identity_mail_from_attributes")
        .map((attributes) => [textField(attributes, "email_identity"), textField(attributes, "mail_from_domain")]),
    ),
    configurationSets: stack.of("aws_sesv2_configuration_set").map((set) => {
      const name = textField(set, "configuration_set_name");
      const destinations = stack
        .of("aws_sesv2_configuration_set_event_destination")
        .filter((destination) => optionalText(destination, "configuration_set_name") === name);
      return {
        name,
        suppressedReasons: [field(set, "suppression_options.suppressed_reasons") ?? accountReasons].flat().map(String),
        metrics: destinations.flatMap((destination) => eventMetrics(destination, name)),
      };
    }),
  };
}

function eventMetrics(destination: Resource, configurationSet: string): readonly EventMetrics[] {
  const dimensions = blocksField(destination, "event_destination.cloud_watch_destination.dimension_configuration");
  if (field(destination, "event_destination.enabled") !== true || dimensions.length === 0) return [];
  const eventTypes = [field(destination, "event_destination.matching_event_types") ?? []].flat();
  const value = ({ dimension_name, default_dimension_value }: (typeof dimensions)[number]) =>
    dimension_name === "ses:configuration-set" ? configurationSet : String(default_dimension_value);
  return [
    { eventTypes, dimensions: Object.fromEntries(dimensions.map((one) => [String(one.dimension_name), value(one)])) },
  ];
}
