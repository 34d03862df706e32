import { mapValues } from "es-toolkit/object";
import { type SourceFormat, type SourceSettings, sourceFormats } from "../functions/sources/index.ts";
import { dev } from "./dev.ts";
import type { Environment } from "./environment.ts";

type SettingsOf<Format extends SourceFormat> = Extract<SourceSettings, { readonly format: Format }>;

/** The formats that cannot do without settings. */
type Demanding = {
  [Format in SourceFormat]: { readonly format: Format } extends SettingsOf<Format> ? never : Format;
}[SourceFormat];

const settings: { readonly [Format in Demanding]: Omit<SettingsOf<Format>, "format"> } = {
  salesforce: { organizationId: "00D000000000001" },
};

/**
 * An environment for runs on this machine alone, with a source of every format, which has the format's name and
 * a route of its own. No workflow deploys it, and Terraform refuses to: AWS has no account of this number.
 */
export const demo: Environment = {
  ...dev,
  accountId: "000000000000",
  email: { ...dev.email, sender: "leadwire-demo@example.com", recipients: ["sales-demo@example.com"] },
  alarmEmails: ["platform-demo@example.com"],
  sources: mapValues(
    sourceFormats,
    (_, format) => ({ format, throttling: dev.api, ...settings[format as Demanding] }) as SourceSettings,
  ),
};
