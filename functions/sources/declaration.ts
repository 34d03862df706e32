import type { RawLead } from "../lead/raw-lead.ts";
import type { Door } from "./door.ts";
import type { FetchRecord } from "./fetch-record.ts";
import type { Reader } from "./reading.ts";

interface SettingTypes {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}

/** A setting that an environment gives to its sources of a format. */
export type SettingRule = {
  [Type in keyof SettingTypes]: {
    readonly type: Type;
    /** What the value must be, in words that complete "must be …". */
    readonly bound: string;
    /** Why, in a sentence. */
    readonly reason: string;
    /** Whether a value of the type is within the bound. */
    readonly check: (value: SettingTypes[Type]) => boolean;
    /** @default the setting is required */
    readonly default?: SettingTypes[Type];
  };
}[keyof SettingTypes];

/** The settings that every source has, whatever its format. */
export interface CommonSettings {
  /**
   * The environment's own fields: a field's name, or any other text, which is then the label of an answer, to the name or the
   * path of its value in the lead, such as `{ budget: "Custom_Budget__c" }`.
   * @default none
   */
  readonly fields?: Readonly<Record<string, string>>;
  /**
   * Hosts that a lead's link may lead to, because they are the CRM's. A leading dot allows a host's subdomains.
   * @default those of the format
   */
  readonly crmHosts?: readonly string[];
  /** What becomes of leads that the source marks as tests. @default announce */
  readonly testLeads?: "announce" | "ignore";
  /** What people call the source. @default the format's title */
  readonly title?: string;
}

/** Everything about a source format that others must know. It loads neither the AWS SDK nor yup. */
export interface SourceDeclaration {
  /** What people call the format's vendor, such as `Google Ads`: the title of a source that has no title of its own. */
  readonly title: string;
  /**
   * Hosts of the vendor's CRM, which links of leads lead to. A leading dot allows a host's subdomains.
   * @default none, because the format does not know where its leads come from
   */
  readonly crmHosts?: readonly string[];
  /** The format's settings by name. */
  readonly settings: Readonly<Record<string, SettingRule>>;
  /**
   * Names of the secrets that the door gets. Each is an SSM parameter `/leadwire/ENV/sources/SOURCE/NAME`, and must exist; the
   * first one proves the requests. A parameter can hold several values with white space between them, while a secret is rotated.
   */
  readonly secrets: readonly [proof: string, ...others: string[]];
  /** Loads what verifies and splits the format's requests. */
  readonly door: () => Promise<{ readonly door: Door }>;
  /** Loads what finds the fields of the format's leads. */
  readonly reader: () => Promise<{ readonly readLead: Reader }>;
  /**
   * What completes events that hold only ids: enrich fetches the record that an event names.
   * @default events are complete
   */
  readonly fetch?: {
    /** Whether an event holds only ids. A complete one is not fetched. @default every event does */
    readonly isThin?: (event: RawLead) => boolean;
    /** Records that an execution environment fetches at the same time, for each source. */
    readonly concurrency: number;
    /** Names of the secrets that fetching needs, such as an API token: SSM parameters as above, which only enrich reads. */
    readonly secrets: readonly [string, ...string[]];
    readonly load: () => Promise<{ readonly fetchRecord: FetchRecord }>;
  };
  /**
   * Whether the source also sends GET requests, which the door's `challenge` answers.
   * @default only POST requests reach the door
   */
  readonly answersGet?: boolean;
}

/** Names of every secret of a format: first those of its door, then those for fetching. */
export const secretsOf = ({ secrets, fetch }: Pick<SourceDeclaration, "secrets" | "fetch">): readonly string[] => [
  ...secrets,
  ...(fetch?.secrets ?? []),
];

type Rules = SourceDeclaration["settings"];
type Values<Declared extends Rules> = { readonly [Name in keyof Declared]: SettingTypes[Declared[Name]["type"]] };
type WithDefault<Declared extends Rules> = {
  [Name in keyof Declared]: Declared[Name] extends { readonly default: unknown } ? Name : never;
}[keyof Declared];

/** The values that an environment gives for settings; one with a default can be left out. */
export type SettingValues<Declared extends Rules> = Omit<Values<Declared>, WithDefault<Declared>> &
  Partial<Pick<Values<Declared>, WithDefault<Declared>>>;
