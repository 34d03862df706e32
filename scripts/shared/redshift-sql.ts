import { typeIn } from "../../analytics/columns.ts";
import { partition, type Table, tables } from "../../analytics/tables.ts";

const createTable = ({ name, meaning, columns }: Table) => {
  const list = columns.map((column) => `"${column.name.toLowerCase()}" ${typeIn("redshift", column.type)}`);
  return `-- ${meaning}
CREATE TABLE IF NOT EXISTS ${name} (
  ${[...list, `"${partition}" DATE`].join(",\n  ")}
);`;
};

/**
 * Replaces a day in one transaction, so it can be loaded again. COPY fails if the day has no file.
 * https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html#copy-json
 * https://docs.aws.amazon.com/redshift/latest/dg/automatic-recognition.html
 */
const loadDay = ({ name, prefix }: Table) => `BEGIN;
CREATE TEMP TABLE ${name}_of_day (LIKE ${name});
COPY ${name}_of_day
  FROM 's3://\${bucket}/${prefix}${partition}=\${day}/'
  REGION '\${region}' IAM_ROLE '\${role}'
  FORMAT JSON 'auto ignorecase' TIMEFORMAT 'auto';
UPDATE ${name}_of_day SET ${partition} = '\${day}';
DELETE FROM ${name} WHERE ${partition} = '\${day}';
INSERT INTO ${name} SELECT * FROM ${name}_of_day;
DROP TABLE ${name}_of_day;
COMMIT;`;

/** The SQL that creates the tables in Redshift and loads a day of files into them, as the text of a file. */
export const redshiftSql = `-- The tables of Leadwire in Amazon Redshift, and the COPY of a day. docs/consumers.md says how to run it.
-- "npm run tables" writes this file from the schema of the lead.

${[...tables.map(createTable), ...tables.map(loadDay)].join("\n\n")}
`;
