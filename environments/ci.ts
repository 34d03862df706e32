import type { Account } from "./environment.ts";

/** Where the environments are deployed from: workflows of a GitHub repository, which sign in to AWS without keys. */
export interface CiSettings {
  /**
   * The repository as GitHub writes it in the subject of its tokens: `ORG/REPO`, or `ORG@ID/REPO@ID` for repositories with
   * immutable subjects, which are those created or renamed since 15 July 2026 and those that chose them.
   * https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
   */
  readonly repository: string;
  /** Name of the role in the account of each environment that an administrator of the state's account assumes. */
  readonly administratorRole: string;
}

export const ci: CiSettings = {
  repository: "example/leadwire",
  administratorRole: "OrganizationAccountAccessRole",
};

/** What workflows do with an environment. Each task has a role of its own. */
export const ciTasks = ["plan", "apply"] as const;
export type CiTask = (typeof ciTasks)[number];

/** The environment in GitHub whose jobs do a task. That of `apply` must require a review and the main branch. */
export const githubEnvironment = (environmentName: string, task: CiTask): string =>
  task === "apply" ? environmentName : `${environmentName}-${task}`;

/** Name of the role of a task. */
export const ciRole = (environmentName: string, task: CiTask): string => `leadwire-${environmentName}-${task}`;

/** ARN of the role of a task, which a workflow assumes. */
export const ciRoleArn = (environmentName: string, { accountId }: Pick<Account, "accountId">, task: CiTask): string =>
  `arn:aws:iam::${accountId}:role/${ciRole(environmentName, task)}`;

/** The policies that limit the roles of an environment's functions, and the roles of its workflows. */
export const boundaryArn = (
  environmentName: string,
  { accountId }: Pick<Account, "accountId">,
  of: "functions" | "ci",
): string => `arn:aws:iam::${accountId}:policy/leadwire-${environmentName}-${of}-boundary`;
