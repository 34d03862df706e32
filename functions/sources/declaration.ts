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

/** Everything about a source format that others must know. It loads neither the AWS SDK nor yup. */
export interface SourceDeclaration {
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

type Rules = SourceDeclaration["settings"];
type Values<Declared extends Rules> = { readonly [Name in keyof Declared]: SettingTypes[Declared[Name]["type"]] };
type WithDefault<Declared extends Rules> = {
  [Name in keyof Declared]: Declared[Name] extends { readonly default: unknown } ? Name : never;
}[keyof Declared];

/** The values that an environment gives for settings; one with a default can be left out. */
export type SettingValues<Declared extends Rules> = Omit<Values<Declared>, WithDefault<Declared>> &
  Partial<Pick<Values<Declared>, WithDefault<Declared>>>;
