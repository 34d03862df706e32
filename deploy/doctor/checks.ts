import { HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import type { SESv2Client } from "@aws-sdk/client-sesv2";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { boundaryArn } from "../../environments/ci.ts";
import type { Environment } from "../../environments/environment.ts";
import type { deployedNames } from "../../environments/index.ts";
import { state } from "../../environments/state.ts";
import { alarmTopics } from "../../flow.ts";
import { emailProblems } from "../../ops/email/problems.ts";
import { readEmailStatus } from "../../ops/email/status.ts";
import { DeployError } from "../errors.ts";
import { findTerraform } from "../terraform.ts";
import type { Check, CheckResult } from "./check.ts";
import { checkConcurrency, checkParameterThroughput } from "./quotas.ts";
import { readSecrets, type SecretValues, secretProblems, secretsOf, slackProblem } from "./secrets.ts";
import { AwsRefusalError, signedCall } from "./signed-call.ts";

/** What the checks ask. */
export interface DoctorPorts {
  s3(region: string): S3Client;
  ses(region: string): SESv2Client;
  ssm(region: string): SSMClient;
  readonly fetch: typeof fetch;
  placeholders(name: Patient["name"]): readonly string[];
}

export interface Patient {
  readonly name: (typeof deployedNames)[number];
  readonly settings: Environment;
}

/** Node, npm and Terraform on this machine. */
export const tools: Check = {
  title: "Tools",
  async make() {
    const npm = /npm\/([\d.]+)/.exec(process.env.npm_config_user_agent ?? "")?.[1];
    const node = `Node ${process.versions.node}${npm ? `, npm ${npm}` : ""}`;
    const problems = npm && Number.parseInt(npm, 10) < 10 ? [`npm ${npm} is too old: run npm install -g npm.`] : [];
    try {
      const { program, version } = await findTerraform();
      return { found: `${node}, ${program} ${version}`, problems };
    } catch (error) {
      if (!(error instanceof DeployError)) throw error;
      return { found: node, problems: [...problems, error.message] };
    }
  },
};

/** Checks that the account ids are no examples, and that the credentials work in the environment's Region and are of its account. */
export const credentials = ({ name, settings }: Patient, { placeholders, ssm }: DoctorPorts): Check => ({
  title: "Credentials",
  async make() {
    const { accountId, region } = settings;
    const examples = placeholders(name);
    if (examples.length > 0) return { found: "not checked, for want of an account", problems: examples };
    const form = { Action: "GetCallerIdentity", Version: "2011-06-15" };
    const answer = await signedCall(ssm(region), "sts", "/", form);
    const { GetCallerIdentityResponse: response } = answer as {
      GetCallerIdentityResponse?: { GetCallerIdentityResult?: { Account?: string; Arn?: string } };
    };
    const { Account: account, Arn: arn } = response?.GetCallerIdentityResult ?? {};
    const problem =
      `The credentials are of account ${account}, and ${name} is in ${accountId}: choose others with AWS_PROFILE, or correct ` +
      `accountId in environments/${name}.ts.`;
    return { found: `${arn} in ${region}`, problems: account === accountId ? [] : [problem] };
  },
});

/** Everything that needs the credentials of the environment's account. */
export function accountChecks({ name, settings }: Patient, { s3, ses, ssm, fetch }: DoctorPorts): readonly Check[] {
  const { region } = settings;
  const parameters = ssm(region);
  const secrets = secretsOf(name, settings);
  let reading: Promise<SecretValues> | undefined;
  const values = () => {
    reading ??= readSecrets(parameters, secrets);
    return reading;
  };
  return [
    { title: "State", make: () => stateBucket(s3(state.region)) },
    ...(settings.permissionsBoundary ? [boundaryCheck({ name, settings }, parameters)] : []),
    { title: "Lambda", make: () => checkConcurrency(parameters, settings) },
    { title: "Parameter reads", make: () => checkParameterThroughput(parameters, settings) },
    {
      title: "Secrets",
      async make() {
        const problems = secretProblems(secrets, await values(), region);
        return { found: `${secrets.length - problems.length} of ${secrets.length} are well`, problems };
      },
    },
    {
      title: "Slack",
      async make() {
        const known = await values();
        const urls = secrets.flatMap(({ parameter, isSlack, shape }) => {
          const value = known.get(parameter)?.Value?.trim() ?? "";
          return isSlack && shape?.pattern.test(value) ? [{ parameter, value }] : [];
        });
        const asked = await Promise.all(urls.map(({ parameter, value }) => slackProblem(parameter, value, fetch)));
        const problems = asked.filter((problem) => problem !== undefined);
        return { found: `${urls.length - problems.length} of ${urls.length} webhooks answer`, problems };
      },
    },
    { title: "Alarm emails", make: () => subscriptions({ name, settings }, parameters) },
    {
      title: "Email",
      async make() {
        const status = await readEmailStatus(ses(region), { name, settings });
        return { found: `${settings.email.mode} mode`, problems: emailProblems(status, settings) };
      },
    },
  ];
}

async function stateBucket(s3: S3Client): Promise<CheckResult> {
  const { bucket, accountId } = state;
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: accountId }));
    return { found: bucket, problems: [] };
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status !== 403 && status !== 404) throw error;
    const missing = `The state bucket ${bucket} does not exist: deploy the stack state first, as the README says.`;
    const refused =
      `The credentials may not read the state bucket ${bucket}, or it is not in account ${accountId}: deploy the stack state ` +
      "again, whose bucket policy lets the accounts of environments in.";
    return { found: bucket, problems: [status === 404 ? missing : refused] };
  }
}

/** Checks that the permissions boundary exists. Without it the functions' roles cannot be created. */
const boundaryCheck = ({ name, settings }: Patient, ssm: SSMClient): Check => ({
  title: "Boundary",
  async make() {
    const PolicyArn = boundaryArn(name, settings, "functions");
    const policy = PolicyArn.split("/").at(-1) ?? "";
    try {
      await signedCall(ssm, "iam", "/", { Action: "GetPolicy", Version: "2010-05-08", PolicyArn });
      return { found: policy, problems: [] };
    } catch (error) {
      if (!(error instanceof AwsRefusalError) || error.code !== "NoSuchEntity") throw error;
      const problem =
        `The policy ${policy}, which limits the roles of the functions, does not exist: apply leadwire-ci first, with npm run ` +
        "plan -- ci and npm run apply -- ci.";
      return { found: "does not exist", problems: [problem] };
    }
  },
});

/** Checks that every address for alarms has confirmed its subscriptions, one to each topic. */
async function subscriptions({ name, settings }: Patient, ssm: SSMClient): Promise<CheckResult> {
  const { region, accountId, alarmEmails } = settings;
  const arns = Object.values(alarmTopics).map(
    (topic) => `arn:aws:sns:${region}:${accountId}:leadwire-${name}-${topic}`,
  );
  const topics: ReadonlyMap<unknown, unknown>[] = [];
  try {
    for (const arn of arns) topics.push(await subscribersOf(arn, ssm));
  } catch (error) {
    if (!(error instanceof AwsRefusalError) || !error.code.startsWith("NotFound")) throw error;
    return { found: "no topic", problems: [`Not all alarms of ${name} reach somebody yet: deploy leadwire-${name}.`] };
  }
  const problems = alarmEmails.flatMap((address) => {
    const found = topics.map((subscribers) => String(subscribers.get(address)));
    if (found.every((arn) => arn.startsWith("arn:"))) return [];
    if (!found.includes("PendingConfirmation")) {
      return [`${address} is not subscribed to all alarms: deploy leadwire-${name}.`];
    }
    return [
      `${address} has not confirmed all alarms: follow the links in AWS's mails "Subscription Confirmation" to it, one for each ` +
        "topic; if they are older than two days, request new ones for the subscriptions in the SNS console.",
    ];
  });
  return { found: `${alarmEmails.length - problems.length} of ${alarmEmails.length} addresses confirmed`, problems };
}

/** The ARN of each subscription to a topic, or its state, by its endpoint. */
async function subscribersOf(TopicArn: string, ssm: SSMClient): Promise<ReadonlyMap<unknown, unknown>> {
  const form = { Action: "ListSubscriptionsByTopic", Version: "2010-03-31", TopicArn };
  type Member = { readonly Endpoint?: string; readonly SubscriptionArn?: string };
  const { ListSubscriptionsByTopicResponse: response } = (await signedCall(ssm, "sns", "/", form)) as {
    ListSubscriptionsByTopicResponse?: {
      ListSubscriptionsByTopicResult?: { Subscriptions?: { member?: Member | Member[] } };
    };
  };
  const members = [response?.ListSubscriptionsByTopicResult?.Subscriptions?.member ?? []].flat();
  return new Map(members.map(({ Endpoint, SubscriptionArn }) => [Endpoint, SubscriptionArn]));
}
