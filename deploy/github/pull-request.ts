import { type GitHub, WorkflowError } from "./api.ts";

/** A pull request, as far as the workflows look at it. */
export interface PullRequest {
  readonly number: number;
  readonly merge_commit_sha: string | null;
  readonly head: { readonly sha: string };
  readonly user: { readonly login: string };
}

/**
 * Finds the pull request that has a commit as its head, or as what it was merged with.
 * @throws WorkflowError PullRequest when there is none: what is applied was planned and approved in a pull request
 */
export async function pullRequestOf(github: GitHub, commit: string): Promise<PullRequest> {
  const pulls = await github.list<PullRequest>(`/commits/${commit}/pulls`);
  const found = pulls.find(({ head, merge_commit_sha }) => head.sha === commit || merge_commit_sha === commit);
  if (found) return found;
  const rule = "What is applied was planned and approved in a pull request.";
  throw new WorkflowError("PullRequest", `No pull request has the commit ${commit}. ${rule}`);
}

/** How much attention a plan needs: the exit codes of the review. */
export const planCodes = [0, 10, 20] as const;
export type PlanCode = (typeof planCodes)[number];

/** The encrypted plan of an environment, an artifact of the workflow `plan`. */
export interface PlanArtifact {
  readonly id: number;
  readonly environment: string;
  readonly code: PlanCode;
  /** When it was made, in ISO 8601 to the second. */
  readonly madeAt: string;
}

/** The artifact's name says what is not secret, so that it can be read without the key. */
export const artifactName = (pull: number, environment: string, code: PlanCode) =>
  `plan-${pull}-${environment}-${code}`;

/** What a plan belongs to: it opens for nothing else. */
export const planOwner = (pull: number, environment: string) => `${environment} of pull request ${pull}`;

interface Run {
  readonly id: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly head_repository: { readonly full_name: string } | null;
}

interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly expired: boolean;
  readonly created_at: string;
}

/** Days for which plans made by hand are looked for. Artifacts are kept for 30. */
const planDays = 30;

/**
 * Finds the plans of a pull request: those of its head, and those that were made of main by hand for it, because the first
 * was stale.
 * @param repository OWNER/NAME; runs for forks do not count
 * @returns the newest of each environment, and whether the run for the head has ended well
 */
export async function plansOf(
  github: GitHub,
  repository: string,
  { number, head }: PullRequest,
): Promise<{ readonly plans: readonly PlanArtifact[]; readonly run: "missing" | "running" | "failed" | "done" }> {
  const since = new Date(Date.now() - planDays * 86_400_000).toISOString().slice(0, 10);
  const runs = (query: string) => github.list<Run>(`/actions/workflows/plan.yml/runs?${query}`, "workflow_runs");
  const ofHead = (await runs(`event=pull_request&head_sha=${head.sha}`)).filter(
    ({ head_repository }) => head_repository?.full_name === repository,
  );
  const byHand = await runs(`event=workflow_dispatch&status=success&created=%3E%3D${since}`);
  const found: PlanArtifact[] = [];
  for (const { id } of [...ofHead, ...byHand]) {
    const artifacts = await github.list<Artifact>(`/actions/runs/${id}/artifacts`, "artifacts");
    found.push(...artifacts.flatMap((artifact) => planArtifact(artifact, number) ?? []));
  }
  const newestFirst = found.toSorted((a, b) => b.madeAt.localeCompare(a.madeAt) || b.id - a.id);
  const plans = newestFirst.filter(
    ({ environment }, index) => newestFirst.findIndex((other) => other.environment === environment) === index,
  );
  // GitHub lists the newest run first.
  const [run] = ofHead;
  if (!run) return { plans, run: "missing" };
  if (run.status !== "completed") return { plans, run: "running" };
  return { plans, run: run.conclusion === "success" ? "done" : "failed" };
}

function planArtifact({ id, name, expired, created_at }: Artifact, pull: number): PlanArtifact | undefined {
  const [, number, environment, code] = /^plan-(\d+)-(.+)-(\d+)$/.exec(name) ?? [];
  const planCode = planCodes.find((known) => String(known) === code);
  if (expired || Number(number) !== pull || environment === undefined || planCode === undefined) return undefined;
  return { id, environment, code: planCode, madeAt: created_at };
}
