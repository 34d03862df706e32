import { appendFileSync, writeFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { oneOf, operand, text, wholeNumber } from "../../command-line/options.ts";
import type { Command, Program } from "../../command-line/program.ts";
import { ciRoleArn, ciTasks } from "../../environments/ci.ts";
import { deployedNames, environments } from "../../environments/index.ts";
import { type GitHub, WorkflowError } from "./api.ts";
import { approvalsOf, approvalsText } from "./approvals.ts";
import { changedStacks } from "./changed.ts";
import type { Deployment } from "./deployment.ts";
import { commentOnPlan, labelPlan, removeOldComments, reportDrift } from "./notices.ts";
import { artifactName, planOwner, plansOf, pullRequestOf } from "./pull-request.ts";
import { open, seal } from "./sealed-plan.ts";

/** What the commands work with. */
export interface WorkflowPorts {
  readonly github: GitHub;
  readonly deployment: Pick<Deployment, "plan" | "show" | "review" | "apply" | "planFiles" | "keepPlan">;
  /** Gives a variable. @throws WorkflowError Variable when it is not set */
  variable(name: string): string;
  print(line: string): void;
}

type Options = Command["options"];
const workflowCommand = <Given extends Options>(command: Command<Given, WorkflowPorts>) => command;

const environment = operand("The environment.", oneOf(deployedNames), "dev");
const pullRequest = operand("Number of the pull request.", wholeNumber(1, 1e9), "12");
const commit = operand("The commit.", text("commit", "40 hexadecimal digits", /^[0-9a-f]{40}$/), "0".repeat(40));
const folder = (description: string) => operand(description, text("folder", "the path of a folder"), "base");

/** Sets outputs of the workflow's step. */
function setOutputs({ variable }: WorkflowPorts, outputs: Readonly<Record<string, string>>): void {
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  appendFileSync(variable("GITHUB_OUTPUT"), lines.join(""));
}

const runUrl = ({ variable }: WorkflowPorts) =>
  `${variable("GITHUB_SERVER_URL")}/${variable("GITHUB_REPOSITORY")}/actions/runs/${variable("GITHUB_RUN_ID")}`;

const changed = workflowCommand({
  name: "changed",
  summary: "Sets the output environments: those whose synthesized stacks differ in two checkouts.",
  options: { base: folder("Checkout of the commit before."), head: folder("Checkout of the commit after.") },
  async run({ base, head }, ports) {
    const found = deployedNames.filter((name) => changedStacks(base, head, [`leadwire-${name}`]).length > 0);
    for (const stack of changedStacks(base, head, ["leadwire-state", "leadwire-ci"])) {
      ports.print(`${stack} changes. Workflows do not apply it: an administrator does (docs/deploy.md).`);
    }
    ports.print(`Changed environments: ${found.join(", ") || "none"}.`);
    setOutputs(ports, { environments: JSON.stringify(found) });
    const isOwn = ports.variable("HEAD_REPOSITORY") === ports.variable("GITHUB_REPOSITORY");
    if (found.length === 0 || (isOwn && ports.variable("GITHUB_ACTOR") !== "dependabot[bot]")) return 0;
    const rule = "Pull requests from forks and of Dependabot get no credentials, so they cannot be planned.";
    throw new WorkflowError("PullRequest", `${rule} Push the commits to a branch of this repository yourself.`);
  },
});

const target = workflowCommand({
  name: "target",
  summary: "Sets the outputs role and region of an environment, to sign in to AWS.",
  options: { environment, task: operand("What the role is for.", oneOf(ciTasks), "plan") },
  async run({ environment, task }, ports) {
    const settings = environments[environment];
    setOutputs(ports, { role: ciRoleArn(environment, settings, task), region: settings.region });
    return 0;
  },
});

const plan = workflowCommand({
  name: "plan",
  summary: "Plans an environment for a pull request, writes the review into it, and encrypts the plan for apply.",
  options: { environment, pullRequest },
  async run({ environment, pullRequest }, ports) {
    const { github, deployment, variable } = ports;
    await deployment.plan(environment);
    const { code, markdown } = await deployment.review(environment);
    const text = `### Plan of ${environment}\n\n${markdown}\n\n[Made by this run](${runUrl(ports)}).`;
    appendFileSync(variable("GITHUB_STEP_SUMMARY"), text);
    const file = `${variable("RUNNER_TEMP")}/plan.sealed`;
    const owner = planOwner(pullRequest, environment);
    writeFileSync(file, seal(deployment.planFiles(environment), variable("LEADWIRE_PLAN_KEY"), owner));
    await commentOnPlan(github, pullRequest, environment, text);
    setOutputs(ports, { file, artifact: artifactName(pullRequest, environment, code) });
    return 0;
  },
});

const approvals = workflowCommand({
  name: "approvals",
  summary: "Labels the pull request of a commit by its plans, and sets the commit status leadwire/approvals.",
  options: { commit },
  async run({ commit }, ports) {
    const { github, variable, print } = ports;
    const pull = await pullRequestOf(github, commit);
    const { plans, run } = await plansOf(github, variable("GITHUB_REPOSITORY"), pull);
    const status = async (state: "success" | "failure" | "pending", description: string) => {
      print(`${state}: ${description}`);
      const context = "leadwire/approvals";
      await github.send("POST", `/statuses/${commit}`, { state, description, context, target_url: runUrl(ports) });
      return 0;
    };
    if (run === "failed") return status("failure", "The workflow plan failed.");
    if (run !== "done") return status("pending", "The workflow plan has not ended.");
    await removeOldComments(
      github,
      pull.number,
      plans.map((plan) => plan.environment),
    );
    const found = await approvalsOf(github, pull, plans);
    await labelPlan(github, pull.number, found.code);
    return status(found.given.length >= found.needed ? "success" : "pending", approvalsText(found));
  },
});

const apply = workflowCommand({
  name: "apply",
  summary: "Applies the plan of an environment that was approved in the pull request of a commit, and no other.",
  options: { environment, commit },
  async run({ environment, commit }, { github, deployment, variable }) {
    const pull = await pullRequestOf(github, commit);
    const again = `Run the workflow plan on main with environment ${environment} and pull request ${pull.number}, approve the plan in the pull request, and run this job again.`;
    const { plans } = await plansOf(github, variable("GITHUB_REPOSITORY"), pull);
    const found = plans.find((plan) => plan.environment === environment);
    if (!found)
      throw new WorkflowError("NoPlan", `Pull request ${pull.number} has no plan of ${environment}. ${again}`);
    const artifact = unzipSync(await github.download(`/actions/artifacts/${found.id}/zip`));
    const sealed = Object.values(artifact)[0] ?? new Uint8Array();
    deployment.keepPlan(environment, open(sealed, variable("LEADWIRE_PLAN_KEY"), planOwner(pull.number, environment)));
    const notApplied = () =>
      new WorkflowError("StalePlan", `The plan was not applied, or not all of it; the reason is above. ${again}`);
    if (!(await deployment.show(environment))) throw notApplied();
    const { code, markdown } = await deployment.review(environment);
    appendFileSync(variable("GITHUB_STEP_SUMMARY"), `### Applied to ${environment}\n\n${markdown}\n`);
    // The code of the plan that is applied, and not the one in the artifact's name.
    const { needed, given } = await approvalsOf(github, pull, [{ code, madeAt: found.madeAt }]);
    if (given.length < needed) {
      const who = "by people other than its author, after the plan was made";
      const problem = `The plan of ${environment} has ${given.length} of ${needed} approvals in pull request ${pull.number}`;
      throw new WorkflowError("Approvals", `${problem}, ${who}. Approve it there, and run this job again.`);
    }
    if ((await deployment.apply(environment)) === 0) return 0;
    throw notApplied();
  },
});

const drift = workflowCommand({
  name: "drift",
  summary: "Plans an environment, and keeps an issue open while the plan is not empty.",
  options: { environment },
  async run({ environment }, ports) {
    await ports.deployment.plan(environment);
    const { markdown, isEmpty } = await ports.deployment.review(environment);
    const why = "Somebody changed it outside Terraform, or a merged change is not applied.";
    const text = `The plan of ${environment} is not empty. ${why} [Found by this run](${runUrl(ports)}).\n\n${markdown}`;
    await reportDrift(ports.github, environment, isEmpty ? undefined : text);
    ports.print(isEmpty ? "The plan is empty." : text);
    return 0;
  },
});

/** What the workflows of `.github/workflows/` run. */
export const workflows: Program<WorkflowPorts> = {
  name: "npm run github --",
  summary: "Steps of the GitHub workflows. They read GitHub's variables, such as GITHUB_TOKEN.",
  commands: [changed, target, plan, approvals, apply, drift],
};
