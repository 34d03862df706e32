/** Names that both the stack and the functions use. */

/** Environment variables of the functions. The stack sets them, each function's `index.ts` reads them. */
export const Variable = {
  /** The environment's name, such as dev. */
  environment: "LEADWIRE_ENVIRONMENT",
  /** Name of the bucket that holds raw and enriched leads. */
  bucket: "LEADS_BUCKET",
  /** ingest, enrich and reconcile: JSON object, the name of each source to its format. */
  sources: "SOURCES",
  /** ingest, enrich and reconcile: start of the names of the SSM parameters of sources, `/leadwire/ENV/sources`. */
  sourceParameters: "SOURCE_PARAMETERS",
  /** Workers: URL of the dead letter queue for rejected leads. */
  deadLetterQueueUrl: "DEAD_LETTER_QUEUE_URL",
  /** Workers: URL of the function's own queue. */
  queueUrl: "QUEUE_URL",
  /** Workers: hours after a message's first attempt at which it is no longer postponed. */
  giveUpAfterHours: "GIVE_UP_AFTER_HOURS",
  /** enrich and reconcile: ISO 3166-1 alpha-2 country for phone numbers without one; unset when there is no good guess. */
  defaultCountry: "DEFAULT_COUNTRY",
  /** notify: JSON array of the environment's channels in order; unset for Slack and then email. */
  channels: "CHANNELS",
  /** notify: days for which a person is recognised when they come again; 0 when nobody is. */
  samePersonDays: "SAME_PERSON_DAYS",
  /** notify: what a person who comes again gets, `card` or `line`. */
  samePerson: "SAME_PERSON",
  /** notify: milliseconds for which each lead of a burst lets its first message wait for more. */
  gatherMilliseconds: "GATHER_MILLISECONDS",
  /** notify and reconcile: name of the DynamoDB table that remembers which leads were announced. */
  ledgerTable: "LEDGER_TABLE",
  /** notify: days for which leads are kept. The ledger remembers announcements for longer. */
  leadRetentionDays: "LEAD_RETENTION_DAYS",
  /** lead-index: name of the DynamoDB table that it keeps. */
  leadIndexTable: "LEAD_INDEX_TABLE",
  /** lead-index: days after which no version of a lead is left. */
  leadVersionDays: "LEAD_VERSION_DAYS",
  /** reconcile: days for which messages can point to an object. */
  messageDays: "MESSAGE_DAYS",
  /** notify: address that emails are sent from. */
  emailSender: "EMAIL_SENDER",
  /** notify: JSON array of the addresses that emails go to. */
  emailRecipients: "EMAIL_RECIPIENTS",
  /** notify: name of the SES configuration set, whose bounces and complaints alarm. */
  emailConfigurationSet: "EMAIL_CONFIGURATION_SET",
} as const;

/** User metadata of the bucket's objects (sent as `x-amz-meta-…`). */
export const Metadata = {
  correlationId: "correlation-id",
  source: "source",
  /** Format of the raw lead's source, which says how enrich reads it. Only ingest writes it. */
  format: "format",
  /** `true` for a lead that its source marks as a test; otherwise absent. */
  test: "test",
  /** ISO 8601 time at which ingest accepted the lead. */
  receivedAt: "received-at",
  /** Key of the file that an enriched lead was in, see `keyInMetadata`. The key of any other raw lead is made of the lead's id. */
  rawKey: "raw-key",
} as const;

/** Message attributes of a dead letter that a function sent. */
export const DeadLetterAttribute = {
  errorClass: "errorClass",
  reason: "reason",
  correlationId: "correlationId",
} as const;

/** Message attributes of a message that was postponed, each a number in decimal digits. */
export const PostponedAttribute = {
  /** Which attempt the message is for: 2 after it was postponed once. */
  attempt: "attempt",
  /** Epoch milliseconds at which the first attempt failed. */
  firstAttemptAt: "firstAttemptAt",
  /** How often the messages before it were received without being postponed. */
  receives: "receives",
} as const;

/** Attributes of an item in the ledger table. */
export const LedgerAttribute = {
  /**
   * Partition key: `{lead id}#{destination}#{hash of the content}`, the id of a send slot, `ledger#routes`,
   * `reconcile#{comparison}`, or `person#{hash of an email address or a phone number}`.
   */
  id: "id",
  /** Epoch seconds; the table's TTL attribute. */
  expiresAt: "expiresAt",
} as const;

/** Attributes of an item in the table of the lead index. */
export const IndexAttribute = {
  /** Partition key: `lead#{lead id}`, or `person#` or `erasure#` and the hash of an email address or a phone number. */
  id: "id",
  /** Sort key. Of a person: a lead's id. Of a lead: a key below `enriched/`, or an outcome's time and hash. Of an erasure: `erasure`. */
  entry: "entry",
  /** Epoch seconds; the table's TTL attribute. */
  expiresAt: "expiresAt",
} as const;

/** CloudWatch metrics that the functions write (embedded metric format). */
export const Metric = {
  namespace: "Leadwire",
  leadsIngested: "LeadsIngested",
  /** Events of verified requests that are no new leads. */
  eventsIgnored: "EventsIgnored",
  /** Requests to a source that exists, without its proof. */
  signaturesRefused: "SignaturesRefused",
  leadsEnriched: "LeadsEnriched",
  leadsRejected: "LeadsRejected",
  leadsNotified: "LeadsNotified",
  /** Attempts that used up a receive: by a fault, or because SQS did not take the message again. */
  leadsRetried: "LeadsRetried",
  /** Attempts that failed because a service was unavailable. */
  leadsPostponed: "LeadsPostponed",
  /** Those of the postponed attempts that go on failing until somebody acts. */
  personNeeded: "PersonNeeded",
  /** Outcomes of leads that statistics lack, because they could not be written. */
  outcomesNotWritten: "OutcomesNotWritten",
  /** Seconds since the first attempt of a message that was postponed, for whichever reason. */
  oldestFirstAttempt: "OldestFirstAttempt",
  /** Milliseconds from the accepted request to the notification. */
  ingestToNotification: "IngestToNotification",
  /** Enriched leads that were not announced, as each hour's comparison finds them. */
  unannouncedLeads: "UnannouncedLeads",
  /** Raw leads that were not enriched, as each day's comparison finds them. */
  unenrichedLeads: "UnenrichedLeads",
  /** Dimension of `leadsNotified` and `ingestToNotification`: the name of a channel. */
  channelDimension: "channel",
  environmentDimension: "environment",
} as const;
