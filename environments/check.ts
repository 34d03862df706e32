import { ValidationError } from "yup";
import { LeadwireError } from "../errors.ts";
import { byStage, workerNames } from "../flow.ts";
import type { Routing } from "../functions/lead/routing.ts";
import type { ChannelDeclaration } from "../functions/notify/channels/declaration.ts";
import { reserveSeconds } from "../functions/notify/time-budget.ts";
import { declarationOf } from "../functions/sources/index.ts";
import { filledSettings, settingsText } from "../functions/sources/settings.ts";
import { Link, type WorkerTuning } from "../modules/tuning/knobs.ts";
import { type RuleViolation, violated } from "../modules/tuning/rule-violation.ts";
import { httpFunctionViolations, latencyViolations, workerViolations } from "../modules/tuning/rules.ts";
import {
  channelsOf,
  concurrencyOf,
  consumerTuning,
  type Environment,
  environmentTuning,
  messageDays,
} from "./environment.ts";
import { stateSchema } from "./schema/account.ts";
import { channelsOrDefault, routing } from "./schema/channels.ts";
import { environmentSchema, settingDefaults } from "./schema/environment.ts";
import { consumers as consumersSchema, readableTuning } from "./schema/tuning.ts";
import { state } from "./state.ts";
import { unreachableRoutes } from "./unreachable-routes.ts";

/** Environments break rules. The message lists all of them, a paragraph each. */
export class InvalidEnvironmentsError extends LeadwireError {
  readonly violations: readonly RuleViolation[];

  constructor(violations: readonly RuleViolation[]) {
    const count = violations.length;
    const headline = count === 1 ? "1 setting breaks a rule:" : `${count} settings break a rule:`;
    super("InvalidEnvironments", [headline, ...violations.map(paragraph)].join("\n\n"));
    this.violations = violations;
  }
}

const paragraph = ({ path, value, bound, reason, link }: RuleViolation) =>
  `${path} is ${JSON.stringify(value) ?? "missing"}: it must be ${bound}.\n  ${reason}\n  ${link}`;

/**
 * Checks environments, their tuning included, and the settings of the bucket with Terraform's state.
 * @throws InvalidEnvironmentsError with every violation of every environment
 */
export function checkEnvironments(environments: Readonly<Record<string, Environment>>, store = state): void {
  const violations = Object.entries(environments).flatMap(([name, environment]) => [
    ...nameViolations(name),
    ...environmentViolations(environment, `environments.${name}`),
  ]);
  violations.push(...shapeViolations(stateSchema, store, "state"));
  if (violations.length > 0) throw new InvalidEnvironmentsError(violations);
}

const nameViolations = (name: string): RuleViolation[] =>
  violated(`environments.${name}`, name, {
    holds: /^[a-z][a-z0-9-]*$/.test(name) && name !== "state" && name !== "ci",
    bound: "a name of small letters, digits and hyphens, and neither state nor ci, which are stacks too",
    reason: "It is part of the names of the stack and of all resources, of which S3 takes nothing else for a bucket.",
    link: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
  });

/** Rules between settings are checked where the settings have the right types; the rest is reported as wrong shape. */
function environmentViolations(environment: Environment, at: string): RuleViolation[] {
  const violations = shapeViolations(environmentSchema, environment, at);
  const channels = channelsOrDefault(environment.channels);
  const [first] = channels;
  const routes = routing.isValidSync(environment[first], { strict: true })
    ? (environment[first] as Routing)
    : undefined;
  if (routes) violations.push(...unreachableRoutes(routes, environment.sources, `${at}.${first}`));
  violations.push(...sourceViolations(environment.sources, `${at}.sources`));
  const { tuning } = environment;
  if (
    readableTuning.isValidSync(tuning, { strict: true }) &&
    consumersSchema.isValidSync(environment.consumers, { strict: true })
  ) {
    violations.push(...tuningViolations(environment, channelsOf({ channels }), at));
  }
  return violations;
}

/** Bytes of an SSM parameter. https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm */
const maxParameterBytes = 4096;

/** Settings of sources of a known format that are too long for their SSM parameter. */
const sourceViolations = (sources: Environment["sources"], at: string): RuleViolation[] =>
  Object.entries(sources ?? {}).flatMap(([name, source]) => {
    const declaration = declarationOf(source?.format);
    const bytes = declaration ? Buffer.byteLength(settingsText(filledSettings(declaration, source))) : 0;
    return violated(`${at}.${name}`, source, {
      holds: bytes <= maxParameterBytes,
      bound: `shorter: as JSON its settings have ${bytes} bytes, and at most ${maxParameterBytes} are allowed`,
      reason: "The functions read the settings from an SSM parameter. Shorten or remove entries of fields or crmHosts.",
      link: "docs/tuning.md#sources",
    });
  });

function tuningViolations(
  environment: Environment,
  channels: readonly ChannelDeclaration[],
  at: string,
): RuleViolation[] {
  const tuning = environmentTuning(environment);
  const stages = byStage(
    (name) => httpFunctionViolations(tuning[name], `${at}.tuning.${name}`),
    (name) => workerViolations(tuning[name], `${at}.tuning.${name}`),
  );
  const stageWorkers = workerNames.map((name) => tuning[name]);
  return [
    ...Object.values(stages).flat(),
    ...Object.entries(consumerTuning(environment)).flatMap(([name, knobs]) =>
      workerViolations(knobs, `${at}.consumers.${name}`),
    ),
    ...latencyViolations(stageWorkers, environment.latencyBudgetSeconds, `${at}.latencyBudgetSeconds`),
    ...concurrencyViolations(environment, at),
    ...leadRetentionViolations(environment, at),
    ...samePersonViolations(environment, at),
    ...notifyViolations(tuning.notify, channels, `${at}.tuning.notify`),
  ];
}

function concurrencyViolations(environment: Environment, at: string): RuleViolation[] {
  const { accountConcurrency = settingDefaults.accountConcurrency } = environment;
  const { ingest = 0, workers, forReservations } = concurrencyOf(environment);
  const minimum = Math.max(forReservations, ingest + workers);
  return violated(`${at}.accountConcurrency`, accountConcurrency, {
    holds: !(minimum > accountConcurrency),
    bound: `at least ${minimum}, which the reservedConcurrency and maximumConcurrency of all functions need`,
    reason: "AWS refuses reservations that leave too little for others. Lower them, or ask for a higher quota first.",
    link: Link.reservedConcurrency,
  });
}

/** Seconds of an invocation before its first send slot: to read the leads, claim them and receive more. */
const preparationSeconds = 3;

/**
 * Rules of notify. In a burst each concurrent invocation has a message for a destination, and each takes a send slot of the
 * first channel. So all others can be before one. An invocation that cannot wait for that long hands leads to the next channel
 * although the first one works. Destinations do not wait for each other.
 */
function notifyViolations(
  { timeoutSeconds, maximumConcurrency, batchSize }: WorkerTuning,
  channels: readonly ChannelDeclaration[],
  at: string,
): RuleViolation[] {
  const reserved = reserveSeconds(channels);
  const [first, ...others] = channels.map(({ title }) => title);
  const next = others.join(" and ");
  const slotSeconds = (channels[0]?.rate?.milliseconds ?? 0) / 1000;
  const waitSeconds = Math.ceil((maximumConcurrency - 1) * slotSeconds);
  const minimum = reserved + preparationSeconds + waitSeconds;
  const capacity = Math.min(...channels.map((channel) => channel.capacity));
  const link = "docs/tuning.md#channels";
  return [
    ...violated(`${at}.timeoutSeconds`, timeoutSeconds, {
      holds: !(timeoutSeconds < minimum),
      bound: `${minimum} or more while maximumConcurrency is ${maximumConcurrency}`,
      reason:
        `notify starts no post in its last ${reserved} s, which are for that post and ${next}. In a burst a message can wait ` +
        `${waitSeconds} s for its send slot. With less time it goes by ${next} although ${first} works.`,
      link,
    }),
    ...violated(`${at}.batchSize`, batchSize, {
      holds: !(batchSize > capacity),
      bound: `at most ${capacity}, the leads that one message can hold`,
      reason: "The leads of a larger batch need several messages, which wait for each other's send slots.",
      link,
    }),
  ];
}

function samePersonViolations({ samePersonDays, leadRetentionDays }: Environment, at: string): RuleViolation[] {
  return violated(`${at}.samePersonDays`, samePersonDays, {
    holds: samePersonDays === undefined || !(samePersonDays > leadRetentionDays),
    bound: `at most ${leadRetentionDays}, the leadRetentionDays`,
    reason: "Nothing that is known of a person is kept for longer than their lead.",
    link: "docs/tuning.md#people-who-come-again",
  });
}

function leadRetentionViolations(environment: Environment, at: string): RuleViolation[] {
  const { leadRetentionDays } = environment;
  const days = messageDays(environment);
  return violated(`${at}.leadRetentionDays`, leadRetentionDays, {
    holds: !(leadRetentionDays <= days),
    bound: `${Math.floor(days) + 1} or more, longer than giveUpAfterHours and the retention of dead letters together`,
    reason: "Messages and dead letters point to a lead's object. Without the object they are worth nothing.",
    link: "docs/tuning.md#retention-of-leads",
  });
}

type Schema = typeof environmentSchema | typeof stateSchema;

function shapeViolations(schema: Schema, value: unknown, at: string): RuleViolation[] {
  try {
    schema.validateSync(value, { strict: true, abortEarly: false });
    return [];
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const errors = error.inner.length > 0 ? error.inner : [error];
    return errors.map((violation) => ({
      path: violation.path ? `${at}.${violation.path}` : at,
      ...explained(violation),
    }));
  }
}

/** The rule that a failed test of ours carries, or a rule in the same words for a test of yup. */
function explained({ type, params = {} }: ValidationError): Omit<RuleViolation, "path"> {
  const { value, bound, reason, link, unknown, type: expected } = params;
  if (bound) return { value, bound: String(bound), reason: String(reason), link: String(link) };
  const rest = {
    reason: "The schema says what an environment is made of.",
    link: "environments/schema/environment.ts",
  };
  if (unknown) return { value: { unknown }, bound: "without keys that have no meaning", ...rest };
  return { value, bound: type === "typeError" ? `of type ${expected}` : "set", ...rest };
}
