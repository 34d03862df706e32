import type { S3Client } from "@aws-sdk/client-s3";
import type { reconcile } from "../../flow.ts";
import { domainKind } from "../enrich/email-domains.ts";
import { createFetchedLead } from "../enrich/fetched-lead.ts";
import { createOutcomeOf } from "../enrich/leads-in-object.ts";
import { checkEnrichedLead } from "../lead/enriched-lead.ts";
import { UnavailableError } from "../runtime/failures.ts";
import { createLeadStore } from "../runtime/lead-store.ts";
import { declarationOf, readerOf } from "../sources/index.ts";
import { type LedgerReader, unannounced } from "./announced.ts";
import { type EnrichedPorts, unenriched } from "./enriched.ts";
import type { Finding, Window } from "./finding.ts";
import { createListings } from "./listings.ts";

export type ComparisonName = keyof typeof reconcile.schedules;

/** Each comparison by what it compares with: yields the leads that are missing there, of a window of time. */
export type Comparisons = Readonly<Record<ComparisonName, (window: Window) => AsyncIterable<Finding>>>;

export interface ComparedPipeline extends Pick<EnrichedPorts, "settingsOf"> {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly ledger: LedgerReader;
  /** The format of each source of the environment, by the source's name. */
  readonly sources: Readonly<Record<string, string>>;
  /** Days for which messages can point to an object. */
  readonly messageDays: number;
  /** ISO 3166-1 alpha-2; undefined when phone numbers without a country code are not to be guessed. */
  readonly defaultCountry: string | undefined;
}

/** Creates the comparisons of a pipeline. They write nothing. */
export function createComparisons(pipeline: ComparedPipeline): Comparisons {
  const { s3, bucket, ledger, sources, messageDays, settingsOf, defaultCountry } = pipeline;
  const { find, read } = createLeadStore(s3, bucket);
  const listings = createListings(s3, bucket);
  const notFetched = async () => Promise.reject(new UnavailableError("Only enrich fetches records.", undefined));
  const now = () => new Date();
  const fetchedLead = createFetchedLead({
    store: { find, writeOnce: notFetched },
    fetchOf: (format) => declarationOf(format)?.fetch,
    sources,
    readSource: notFetched,
    now,
  });
  const loadEnrichment = () => import("../enrich/enrich-lead.ts");
  const outcomeOf = createOutcomeOf({ loadEnrichment, readerOf, fetchedLead, domainKind, defaultCountry, now });
  return {
    announced: (window) => unannounced({ ...listings, read, checkEnrichedLead, ledger, messageDays }, window),
    enriched: (window) => unenriched({ ...listings, find, read, settingsOf, outcomeOf }, window),
  };
}
