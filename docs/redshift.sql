-- The tables of Leadwire in Amazon Redshift, and the COPY of a day. docs/consumers.md says how to run it.
-- "npm run tables" writes this file from the schema of the lead.

-- Enriched leads as they are in the files, test leads too.
CREATE TABLE IF NOT EXISTS enriched (
  "schemaversion" BIGINT,
  "id" VARCHAR(MAX),
  "source" VARCHAR(MAX),
  "sourcetitle" VARCHAR(MAX),
  "test" BOOLEAN,
  "receivedat" TIMESTAMPTZ,
  "enrichedat" TIMESTAMPTZ,
  "crmid" VARCHAR(MAX),
  "url" VARCHAR(MAX),
  "name" SUPER,
  "email" SUPER,
  "phone" SUPER,
  "otheremails" SUPER,
  "otherphones" SUPER,
  "company" SUPER,
  "country" VARCHAR(MAX),
  "jobtitle" VARCHAR(MAX),
  "message" VARCHAR(MAX),
  "origin" VARCHAR(MAX),
  "owner" SUPER,
  "utm" SUPER,
  "landingpage" VARCHAR(MAX),
  "consent" SUPER,
  "language" VARCHAR(MAX),
  "answers" SUPER,
  "urlallowed" BOOLEAN,
  "fingerprint" VARCHAR(MAX),
  "score" BIGINT,
  "scorereasons" SUPER,
  "warnings" SUPER,
  "foundat" SUPER,
  "unreadfields" BIGINT,
  "dt" DATE
);

-- Outcomes of leads as they are in the files, of test leads too.
CREATE TABLE IF NOT EXISTS outcomes (
  "schemaversion" BIGINT,
  "id" VARCHAR(MAX),
  "source" VARCHAR(MAX),
  "test" BOOLEAN,
  "outcome" VARCHAR(MAX),
  "happenedat" TIMESTAMPTZ,
  "receivedat" TIMESTAMPTZ,
  "milliseconds" BIGINT,
  "reason" VARCHAR(MAX),
  "channel" VARCHAR(MAX),
  "destination" VARCHAR(MAX),
  "seenbefore" BOOLEAN,
  "mayberepeat" BOOLEAN,
  "dt" DATE
);

BEGIN;
CREATE TEMP TABLE enriched_of_day (LIKE enriched);
COPY enriched_of_day
  FROM 's3://${bucket}/enriched/dt=${day}/'
  REGION '${region}' IAM_ROLE '${role}'
  FORMAT JSON 'auto ignorecase' TIMEFORMAT 'auto';
UPDATE enriched_of_day SET dt = '${day}';
DELETE FROM enriched WHERE dt = '${day}';
INSERT INTO enriched SELECT * FROM enriched_of_day;
DROP TABLE enriched_of_day;
COMMIT;

BEGIN;
CREATE TEMP TABLE outcomes_of_day (LIKE outcomes);
COPY outcomes_of_day
  FROM 's3://${bucket}/outcomes/dt=${day}/'
  REGION '${region}' IAM_ROLE '${role}'
  FORMAT JSON 'auto ignorecase' TIMEFORMAT 'auto';
UPDATE outcomes_of_day SET dt = '${day}';
DELETE FROM outcomes WHERE dt = '${day}';
INSERT INTO outcomes SELECT * FROM outcomes_of_day;
DROP TABLE outcomes_of_day;
COMMIT;
