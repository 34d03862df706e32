import type { Routing } from "../functions/lead/routing.ts";
import type { SourceSettings } from "../functions/sources/index.ts";
import type { FunctionKnobs, FunctionTuning, WorkerKnobs, WorkerTuning } from "../modules/tuning.ts";

/** Where the pipeline's Terraform state or resources are. */
export interface Account {
  /** 12 digits. The provider refuses to work in any other account. */
  readonly accountId: string;
  /** Such as `us-east-1`. */
  readonly region: string;
}

/** How leads go out by email when Slack fails. */
export type Email = SandboxEmail | ProductionEmail;

interface EmailDetails {
  readonly sender: string;
  /** 1 to 50 addresses of the team; in sandbox mode each gets a mail from AWS to confirm. */
  readonly recipients: readonly string[];
  /** The company's website, `https://…`: AWS wants to see it before it grants production access. */
  readonly websiteUrl: string;
  /**
   * Messages at most on a day on which Slack takes no lead at all, from 1: one for each lead when it is quiet, one for up
   * to 50 in a burst. AWS is told it, and the account's quota is compared with it; the quota counts every recipient.
   */
  readonly messagesPerDay: number;
}

/** SES as every account starts: 200 recipients a day, and only addresses that confirmed a mail from AWS. */
export interface SandboxEmail extends EmailDetails {
  readonly mode: "sandbox";
}

/** SES after AWS has granted production access: a signed domain of your own, any recipient. */
export interface ProductionEmail extends EmailDetails {
  readonly mode: "production";
  /** The domain whose DNS gets the DKIM and MAIL FROM records of the stack's outputs; the sender is an address of it. */
  readonly domain: string;
}

/** What one deployment of the pipeline is made of. Every difference between environments is a value here. */
export interface Environment extends Account {
  /** CRMs that may post leads, by the name that stands in their URL and in their leads' ids. */
  readonly sources: Readonly<Record<string, SourceSettings>>;
  /** ISO 3166-1 alpha-2 country of phone numbers without a country code; unset when there is no good guess. */
  readonly defaultCountry?: string;
  readonly email: Email;
  /** Which Slack channel hears of which lead; each channel has its webhook in `/leadwire/ENV/slack/CHANNEL/webhook-url`. */
  readonly slack: Routing & {
    /** How long a "too many requests" is waited out before leads go by email, in seconds, 0 to 15. */
    readonly patienceSeconds: number;
  };
  /** Addresses that alarms go to; each gets a mail from AWS to confirm. */
  readonly alarmEmails: readonly string[];
  /** Alarms also go to PagerDuty, by the integration URL in SSM parameter `/leadwire/ENV/pagerduty/integration-url`. */
  readonly pagerDuty: boolean;
  readonly api: {
    /** Requests a second that the API takes in the long run. */
    readonly requestsPerSecond: number;
    /** Requests that it takes at once above that, before it answers 429. */
    readonly burst: number;
  };
  /** From the accepted request to the notification, in seconds: what tuning must allow, and alarms watch over. */
  readonly latencyBudgetSeconds: number;
  /** One of CloudWatch's retentions: 1, 3, 5, 7, 14, 30, 60, 90, … */
  readonly logRetentionDays: number;
  /** Least severe line that the functions log. Above INFO Lambda would leave out their metrics, which have no level. */
  readonly logLevel: "DEBUG" | "INFO";
  /** After this many days a lead, raw and enriched, is deleted. */
  readonly leadRetentionDays: number;
  /** The ledger table refuses to be deleted. */
  readonly deletionProtection: boolean;
  readonly tuning: {
    readonly ingest: FunctionKnobs;
    readonly enrich: WorkerKnobs;
    readonly notify: WorkerKnobs;
  };
}

/** An environment's tuning with every default filled in. */
export interface EnvironmentTuning {
  readonly ingest: FunctionTuning;
  readonly enrich: WorkerTuning;
  readonly notify: WorkerTuning;
}
