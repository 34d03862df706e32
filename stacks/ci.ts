import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider/index.js";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { mapValues } from "es-toolkit/object";
import { boundaryArn, type CiSettings, type CiTask, ciRole, ciTasks, githubEnvironment } from "../environments/ci.ts";
import type { Environment } from "../environments/environment.ts";
import type { StateStore } from "../environments/state.ts";
import { LeadwireError } from "../errors.ts";
import { policyDocument, type Statement } from "../modules/policy.ts";
import { ciBoundary, type DeployedPlace, functionsBoundary, taskStatements } from "./ci/statements.ts";
import { keepStateIn, providerOf, Stack } from "./stack.ts";

const issuer = "token.actions.githubusercontent.com";
/** What aws-actions/configure-aws-credentials asks GitHub to write into the token. */
const audience = "sts.amazonaws.com";

/** The repository is not written as GitHub writes it in a token. */
class InvalidRepositoryError extends LeadwireError {
  constructor(repository: string) {
    const problem = `environments/ci.ts names the repository "${repository}"`;
    super("InvalidRepository", `${problem}: it must be ORG/REPO, or ORG@ID/REPO@ID if its subjects are immutable.`);
  }
}

export interface CiProps {
  readonly ci: CiSettings;
  readonly store: StateStore;
  /** The environments that are deployed, by their names. */
  readonly environments: Readonly<Record<string, Environment>>;
}

/**
 * What the workflows sign in with: in the account of each environment GitHub as an identity provider, a role that plans and one
 * that applies, and the policies that limit these roles and those of the environment's functions. An administrator deploys it.
 * @throws InvalidRepositoryError
 */
export class CiStack extends Stack {
  constructor(scope: Construct, id: string, { ci, store, environments }: CiProps) {
    super(scope, id, { account: store, environmentName: "ci" });
    if (!/^[\w.-]+\/[\w.-]+$|^[\w.-]+@\d+\/[\w.-]+@\d+$/.test(ci.repository)) {
      throw new InvalidRepositoryError(ci.repository);
    }
    keepStateIn(this, store);
    const identityProviders = new Map<string, IamOpenidConnectProvider>();
    const roles = mapValues(environments, (environment, name) => {
      const { accountId, region, rolePath = "/" } = environment;
      const part = new Construct(this, name);
      const provider = accountId === store.accountId ? undefined : this.providerFor(name, environment, ci);
      const github = identityProviders.get(accountId) ?? identityProvider(part, provider);
      identityProviders.set(accountId, github);
      const place = { environmentName: name, prefix: `leadwire-${name}`, accountId, region, rolePath, store };
      return new Access(part, { place: { ...place, pagerDuty: environment.pagerDuty }, ci, github, provider }).roleArns;
    });
    new TerraformOutput(this, "roles", { value: roles });
  }

  /** The provider of another account, in which it assumes the administrator's role. */
  private providerFor(name: string, environment: Environment, { administratorRole }: CiSettings): AwsProvider {
    return new AwsProvider(this, `aws-${name}`, {
      ...providerOf(environment, name),
      alias: name,
      assumeRole: [{ roleArn: `arn:aws:iam::${environment.accountId}:role/${administratorRole}` }],
    });
  }
}

/**
 * GitHub as an identity provider, which an account can have once. It needs no thumbprint: AWS trusts GitHub's certificate by
 * its own list of certificate authorities.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
 */
const identityProvider = (scope: Construct, provider: AwsProvider | undefined) =>
  new IamOpenidConnectProvider(scope, "github", {
    url: `https://${issuer}`,
    clientIdList: [audience],
    ...(provider && { provider }),
  });

interface AccessProps {
  readonly place: DeployedPlace;
  readonly ci: CiSettings;
  readonly github: IamOpenidConnectProvider;
  readonly provider: AwsProvider | undefined;
}

/** The roles of one environment's workflows, and the boundaries. */
class Access {
  readonly roleArns: Readonly<Record<string, string>>;

  constructor(scope: Construct, { place, ci, github, provider }: AccessProps) {
    const { environmentName } = place;
    const elsewhere = provider ? { provider } : {};
    const boundary = (of: "functions" | "ci", statements: readonly Statement[]) =>
      new IamPolicy(scope, `${of}-boundary`, {
        ...elsewhere,
        name: boundaryArn(environmentName, place, of).replace(/^.*\//, ""),
        description: of === "ci" ? "Limits the roles of workflows." : "Limits the roles of functions.",
        policy: policyDocument(statements),
      });
    boundary("functions", functionsBoundary(place));
    const permissionsBoundary = boundary("ci", ciBoundary(place)).arn;
    const role = (task: CiTask) => {
      const part = new Construct(scope, task);
      const { name, arn } = new IamRole(part, "role", {
        ...elsewhere,
        name: ciRole(environmentName, task),
        description: `GitHub's environment ${githubEnvironment(environmentName, task)} of ${ci.repository}.`,
        assumeRolePolicy: policyDocument([signIn(github.arn, ci, githubEnvironment(environmentName, task))]),
        permissionsBoundary,
      });
      const policy = policyDocument(taskStatements(task, place));
      new IamRolePolicy(part, "role-policy", { ...elsewhere, name, role: name, policy });
      return [task, arn] as const;
    };
    this.roleArns = Object.fromEntries(ciTasks.map(role));
  }
}

/** Jobs of one environment of the repository may assume the role: no branch, pull request or other environment. */
const signIn = (providerArn: string, { repository }: CiSettings, environment: string): Statement => ({
  sid: "SignIn",
  principal: { Federated: providerArn },
  actions: ["sts:AssumeRoleWithWebIdentity"],
  condition: {
    StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: `repo:${repository}:environment:${environment}` },
  },
});
