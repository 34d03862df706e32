import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { dev } from "../../environments/dev.ts";
import type { Environment } from "../../environments/environment.ts";
import { type TriedLead, tryPayload } from "../../try/try-payload.ts";
import type { ExpectedLead } from "./compare.ts";

/** A payload and what a right reading of it gives. */
export interface PayloadCase {
  /** Names the file, or the row of the table. */
  readonly name: string;
  readonly body: Uint8Array;
  /** The record that the source's API gives for the event. */
  readonly record: Uint8Array | undefined;
  readonly settings: CaseSettings;
  /** In the order of the leads and events in the payload. */
  readonly expected: readonly ExpectedLead[];
}

/** What an environment says about the source. */
interface CaseSettings {
  /** @default the general reader */
  readonly format?: string;
  /** The environment's own fields. */
  readonly fields?: Readonly<Record<string, string>>;
  /** @default none: a number without country code is read only if the lead names its country */
  readonly defaultCountry?: string;
}

const folder = import.meta.dirname;
const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));

/** `FORMAT/CASE.json` (or `.xml`, `.ndjson`) with `CASE.expected.json`, and `CASE.record.json` where a record is fetched. */
export const payloadFiles = (): PayloadCase[] =>
  globSync("*/*.{json,xml,ndjson}", { cwd: folder, exclude: ["**/*.expected.json", "**/*.record.json"] })
    .sort()
    .map((name) => {
      const stem = join(folder, name).replace(/\.\w+$/, "");
      const { leads, ...settings } = json(`${stem}.expected.json`);
      const format = formatOf(name);
      return {
        name,
        body: readFileSync(join(folder, name)),
        record: existsSync(`${stem}.record.json`) ? readFileSync(`${stem}.record.json`) : undefined,
        settings: { ...(format && { format }), ...settings },
        expected: leads,
      };
    });

/** A body of `general/` comes as from a tool without signatures, and NDJSON as a file that somebody put into the bucket. */
const formatOf = (name: string) =>
  name.endsWith(".ndjson") ? undefined : dirname(name) === "general" ? "token" : dirname(name);

interface Row extends CaseSettings {
  readonly name: string;
  /** A text is the body as it is. */
  readonly payload: unknown;
  readonly expected: ExpectedLead;
}

/** The rows of `leads.json`: a lead each. */
export const leadTable = (): PayloadCase[] =>
  (json(join(folder, "leads.json")) as Row[]).map(({ name, payload, expected, ...settings }) => ({
    name,
    body: Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload)),
    record: undefined,
    settings,
    expected: [expected],
  }));

/** What Leadwire makes of a case. Nothing but the case says what the environment is. */
export function leadsOf({ body, record, settings }: PayloadCase): Promise<readonly TriedLead[]> {
  const { format, defaultCountry, ...own } = settings;
  const source = format ?? (own.fields && "token");
  const sources = { ...(source && { case: { format: source, ...own } }) };
  const environment = { ...dev, defaultCountry, sources } as Environment;
  return tryPayload(body, { environment, record, source: source && "case" });
}
