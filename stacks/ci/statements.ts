import { mapValues } from "es-toolkit/object";
import { pascalCase } from "es-toolkit/string";
import { type CiTask, ciRoleArn, ciTasks } from "../../environments/ci.ts";
import type { StateStore } from "../../environments/state.ts";
import { enrichedPrefix } from "../../flow.ts";
import { nobody } from "../../functions/lead/announcement-id.ts";
import { smokeSource } from "../../functions/lead/lead-id.ts";
import { allow, type Statement } from "../../modules/policy.ts";
import { parameterArn, parameterName } from "../stages/parameters.ts";
import { functionPermissions, type Place, permissions, targets } from "./permissions.ts";

export interface DeployedPlace extends Place {
  /** Whether Terraform reads the URL of PagerDuty. */
  readonly pagerDuty: boolean;
  /** Where the state of the environment's stack is. */
  readonly store: StateStore;
}

/** What the role of a task may do. */
export const taskStatements = (task: CiTask, place: DeployedPlace): Statement[] => [
  ...resourceStatements(task, place),
  ...stateStatements(task, place),
  ...(task === "apply" ? smokeStatements(place) : []),
];

/** A statement for each target in the table of permissions: what a refresh reads, and for `apply` also what changes it. */
function resourceStatements(task: CiTask, place: DeployedPlace): Statement[] {
  const { "data.aws_ssm_parameter": pagerDuty, ...resources } = permissions;
  const used = [...Object.values(resources), ...(place.pagerDuty && pagerDuty ? [pagerDuty] : [])];
  const actionsOn = mapValues(targets, (_, name) => {
    const all = used.map((one) => one[name]);
    const read = all.flatMap((one) => one?.read ?? []);
    const write = task === "apply" ? all.flatMap((one) => one?.write ?? []) : [];
    return [...new Set([...read, ...write])].sort();
  });
  return Object.entries(targets).flatMap(([name, { arns, ...target }]) => {
    const actions = actionsOn[name as keyof typeof targets];
    if (actions.length === 0) return [];
    const condition = "condition" in target ? { condition: target.condition(place) } : {};
    return [{ ...allow(pascalCase(name), actions, arns(place)), ...condition }];
  });
}

/**
 * The state of the environment's stack. A plan reads it and holds its lock.
 * https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
 */
function stateStatements(task: CiTask, { prefix, store }: DeployedPlace): Statement[] {
  const bucket = `arn:aws:s3:::${store.bucket}`;
  const state = `${bucket}/${prefix}/terraform.tfstate`;
  const lock = `${state}.tflock`;
  return [
    allow("FindState", ["s3:ListBucket"], [bucket]),
    allow("ReadState", ["s3:GetObject"], [state, lock]),
    allow("LockState", ["s3:DeleteObject", "s3:PutObject"], [lock]),
    ...(task === "apply" ? [allow("WriteState", ["s3:PutObject"], [state])] : []),
  ];
}

/** Ids of the smoke test's leads: the name of the source and 32 hex digits, so those of a source `smoke-x` are not meant. */
const smokeId = `${smokeSource}-${"?".repeat(32)}`;

/** Objects with leads of the smoke test. */
const smokeObjects = (place: Place): string[] =>
  targets.buckets
    .arns(place)
    .flatMap((bucket) => [`${bucket}/${smokeId}.json`, `${bucket}/${enrichedPrefix}dt=*/${smokeId}.json`]);

const smokeSecret = (place: Place) =>
  parameterArn(place, parameterName(place.environmentName, "sources", smokeSource, "signing-secret"));

/** What follows the lead that is sent after a deployment, and nobody else's. */
const smokeStatements = (place: Place): Statement[] => [
  allow("SignSmokeLead", ["ssm:GetParameter"], [smokeSecret(place)]),
  allow("ReadSmokeLead", ["s3:GetObject"], smokeObjects(place)),
  {
    ...allow("ReadSmokeAnnouncement", ["dynamodb:GetItem"], targets.tables.arns(place)),
    condition: {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": `${smokeId}#${nobody}#*` },
      Null: { "dynamodb:LeadingKeys": "false" },
    },
  },
];

/** Limits what the roles of functions can be given. None of it changes what somebody may do. */
export const functionsBoundary = (place: Place): Statement[] =>
  Object.entries(functionPermissions).map(([name, { actions, arns }]) => allow(pascalCase(name), actions, arns(place)));

/** Ways to what leads say, and to other roles. Workflows need none of them. */
const waysToContent = [
  "athena:GetQueryResults",
  "athena:GetQueryResultsStream",
  "athena:StartQueryExecution",
  "dynamodb:BatchGetItem",
  "dynamodb:PartiQLSelect",
  "dynamodb:Query",
  "dynamodb:Scan",
  "lambda:InvokeFunction",
  "logs:FilterLogEvents",
  "logs:GetLogEvents",
  "logs:GetLogRecord",
  "logs:StartLiveTail",
  "logs:StartQuery",
  "sqs:ReceiveMessage",
  "sts:AssumeRole",
];

/**
 * Limits what the roles of the workflows can be given: the services of the stacks, of IAM only what the role `apply` has, and
 * never the workflows' own roles. A bucket's policy cannot lift what is denied here.
 */
export function ciBoundary(place: DeployedPlace): Statement[] {
  const needed = taskStatements("apply", place);
  const isIam = (action: string) => action.startsWith("iam:");
  const services = new Set(needed.flatMap(({ actions }) => actions.map((action) => action.split(":")[0] ?? "")));
  const others = [...services].filter((service) => service !== "iam").sort();
  const own = ciTasks.map((task) => ciRoleArn(place.environmentName, place, task));
  return [
    allow(
      "ServicesOfTheStacks",
      others.map((service) => `${service}:*`),
      ["*"],
    ),
    ...needed.filter(({ actions }) => actions.every(isIam)),
    { ...allow("NotTheseRoles", ["iam:*"], own), effect: "Deny" },
    { ...allow("NoContent", waysToContent, ["*"]), effect: "Deny" },
    {
      sid: "NoLeads",
      effect: "Deny",
      actions: ["s3:GetObject", "s3:GetObjectVersion"],
      notResources: [...smokeObjects(place), `arn:aws:s3:::${place.store.bucket}/*`],
    },
    {
      sid: "NoSecrets",
      effect: "Deny",
      actions: ["ssm:GetParameter", "ssm:GetParameterHistory", "ssm:GetParameters", "ssm:GetParametersByPath"],
      notResources: [...targets.settings.arns(place), ...targets.pagerDuty.arns(place), smokeSecret(place)],
    },
  ];
}
