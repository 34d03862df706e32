/** The fields of a planned change that a test states. */
export interface PlannedChange {
  readonly address?: string;
  readonly actions?: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly [field: string]: unknown;
}

/** A change as it stands in a plan. Without actions it is an update. */
export function planned({
  address = "aws_sqs_queue.leads",
  actions = ["update"],
  before = null,
  after = null,
  ...rest
}: PlannedChange) {
  const { action_reason, previous_address, deposed, ...change } = rest;
  const [type, name] = address.split(".");
  return {
    address,
    type,
    name,
    action_reason,
    previous_address,
    deposed,
    change: { actions, before, after, ...change },
  };
}

/** A plan with changes of resources, and other fields, as JSON. */
export const planText = (changes: readonly PlannedChange[], fields: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: changes.map(planned),
    ...fields,
  });
