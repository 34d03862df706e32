/** The source formats. Environments, stacks and functions derive everything about sources from here. */

import { once } from "../runtime/once.ts";
import { apiUrlSetting } from "./api-url.ts";
import type { CommonSettings, SettingValues, SourceDeclaration } from "./declaration.ts";
import { hmacSettings, tokenSettings } from "./general-settings.ts";
import { isPipedriveLead } from "./pipedrive/event.ts";
import type { Reader } from "./reading.ts";

/** Loaders are remembered: an import that was done before costs ten microseconds still. */
const loadGeneralReader = once(() => import("./general-reader.ts"));

/** Every format that a source can have, by the name that an environment gives. docs/sources/ has a page for each. */
export const sourceFormats = {
  hubspot: {
    title: "HubSpot",
    crmHosts: [".hubspot.com"],
    settings: {
      publicUrl: {
        type: "string",
        bound: "an https address without a query, or empty",
        reason:
          "HubSpot signs the address that it calls, which here is unknown if a proxy or a custom domain is before it.",
        check: (url) => url === "" || /^https:\/\/[^/?#]+\/[^?#]*$/.test(url),
        default: "",
      },
      apiUrl: apiUrlSetting("https://api.hubapi.com"),
    },
    secrets: ["client-secret"],
    door: () => import("./hubspot/door.ts"),
    reader: once(() => import("./hubspot/reader.ts")),
    fetch: {
      isThin: (event) => "subscriptionType" in event,
      // HubSpot takes 100 requests in 10 seconds, of all execution environments and all other apps of the account.
      concurrency: 4,
      secrets: ["access-token"],
      load: () => import("./hubspot/fetch.ts"),
    },
  },
  "meta-lead-ads": {
    title: "Meta Lead Ads",
    settings: {
      graphVersion: {
        type: "string",
        bound: 'a version of the Graph API, such as "v25.0"',
        reason: "Meta switches each version off about two years after it came.",
        check: (version) => /^v\d{2}\.\d$/.test(version),
        default: "v25.0",
      },
      apiUrl: apiUrlSetting("https://graph.facebook.com"),
    },
    secrets: ["app-secret", "verify-token"],
    door: () => import("./meta-lead-ads/door.ts"),
    reader: once(() => import("./meta-lead-ads/reader.ts")),
    answersGet: true,
    fetch: {
      isThin: (event) => !("field_data" in event),
      // Meta limits the requests of a day: 4,800 for each lead of the last 90 days.
      concurrency: 5,
      secrets: ["access-token"],
      load: () => import("./meta-lead-ads/fetch.ts"),
    },
  },
  pipedrive: {
    title: "Pipedrive",
    crmHosts: [".pipedrive.com"],
    settings: { apiUrl: apiUrlSetting("https://api.pipedrive.com") },
    secrets: ["basic-auth"],
    door: () => import("./pipedrive/door.ts"),
    reader: once(() => import("./pipedrive/reader.ts")),
    fetch: {
      isThin: isPipedriveLead,
      // Pipedrive takes 20 requests in 2 seconds in its smallest plan, and a lead can need two.
      concurrency: 4,
      secrets: ["api-token"],
      load: () => import("./pipedrive/fetch.ts"),
    },
  },
  salesforce: {
    title: "Salesforce",
    crmHosts: [".salesforce.com", ".force.com"],
    settings: {
      organizationId: {
        type: "string",
        bound: "the Id of the organization: 00D with 15 or 18 letters and digits",
        reason: "Messages of another organization are refused.",
        check: (id) => /^00D[a-zA-Z0-9]{12}([A-Z0-5]{3})?$/.test(id),
      },
    },
    secrets: ["url-secret"],
    door: () => import("./salesforce/door.ts"),
    reader: once(() => import("./salesforce/reader.ts")),
  },
  "standard-webhooks": {
    title: "Webhook",
    settings: {},
    secrets: ["signing-secret"],
    door: () => import("./standard-webhooks/door.ts"),
    reader: loadGeneralReader,
  },
  hmac: {
    title: "Webhook",
    settings: hmacSettings,
    secrets: ["signing-secret"],
    door: () => import("./hmac/door.ts"),
    reader: loadGeneralReader,
  },
  token: {
    title: "Webhook",
    settings: tokenSettings,
    secrets: ["token"],
    door: () => import("./token/door.ts"),
    reader: loadGeneralReader,
  },
  typeform: {
    title: "Typeform",
    settings: {},
    secrets: ["signing-secret"],
    door: () => import("./typeform/door.ts"),
    reader: once(() => import("./typeform/reader.ts")),
  },
  calendly: {
    title: "Calendly",
    settings: {},
    secrets: ["signing-key"],
    door: () => import("./calendly/door.ts"),
    reader: once(() => import("./calendly/reader.ts")),
  },
  "google-ads": {
    title: "Google Ads",
    settings: {},
    secrets: ["google-key"],
    door: () => import("./google-ads/door.ts"),
    reader: once(() => import("./google-ads/reader.ts")),
  },
  close: {
    title: "Close",
    crmHosts: ["app.close.com"],
    settings: {},
    secrets: ["signature-key"],
    door: () => import("./close/door.ts"),
    reader: once(() => import("./close/reader.ts")),
  },
} as const satisfies SourceFormats;

export type SourceFormats = Readonly<Record<string, SourceDeclaration>>;
export type SourceFormat = keyof typeof sourceFormats;

/** What the API knows of a source, and the functions do not. */
interface ApiSettings {
  /** Requests that the API accepts from the source alone. @default the source shares those of the API with others */
  readonly throttling?: { readonly requestsPerSecond: number; readonly burst: number };
}

/** A source of an environment: its format, the settings that every source has, and those of the format. */
export type SourceSettings = {
  [Format in SourceFormat]: { readonly format: Format } & ApiSettings &
    CommonSettings &
    SettingValues<(typeof sourceFormats)[Format]["settings"]>;
}[SourceFormat];

/** The declaration of a format; undefined for no format and for an unknown one. @param formats all formats by name */
export const declarationOf = (format = "", formats: SourceFormats = sourceFormats): SourceDeclaration | undefined =>
  Object.hasOwn(formats, format) ? formats[format] : undefined;

/** Loads the reader of a format's leads. The general reader reads leads without a format and leads of an unknown one. */
export async function readerOf(format?: string, formats?: SourceFormats): Promise<Reader> {
  return (await (declarationOf(format, formats)?.reader() ?? loadGeneralReader())).readLead;
}
