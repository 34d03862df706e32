import type { GitHub } from "./api.ts";
import { type PlanArtifact, type PlanCode, type PullRequest, planCodes } from "./pull-request.ts";

interface Review {
  readonly user: { readonly login: string; readonly type: string } | null;
  readonly state: string;
  readonly commit_id: string;
  readonly submitted_at: string;
}

/** People who must approve, by the exit code of the review. */
const neededFor: Readonly<Record<PlanCode, number>> = { 0: 0, 10: 1, 20: 2 };

/** What a pull request's plans need, and what they have. */
export interface Approvals {
  readonly code: PlanCode;
  readonly needed: number;
  /** Logins of those who approved. */
  readonly given: readonly string[];
}

/**
 * Counts the people who approved plans. An approval counts if it is the person's last word, of the head commit, was given
 * after the newest of the plans was made, and is of somebody other than the author who may write to the repository.
 */
export async function approvalsOf(
  github: GitHub,
  pull: PullRequest,
  plans: readonly Pick<PlanArtifact, "code" | "madeAt">[],
): Promise<Approvals> {
  const code = planCodes.findLast((one) => plans.some((plan) => plan.code === one)) ?? 0;
  const madeAt =
    plans
      .map((plan) => plan.madeAt)
      .toSorted()
      .at(-1) ?? "";
  const reviews = await github.list<Review>(`/pulls/${pull.number}/reviews`);
  const decided = reviews.filter(
    ({ state, user }) => user?.type === "User" && state !== "COMMENTED" && state !== "PENDING",
  );
  // GitHub lists the oldest review first.
  const lastOf = new Map(decided.map((review) => [review.user?.login ?? "", review]));
  const given: string[] = [];
  for (const [login, { state, commit_id, submitted_at }] of lastOf) {
    const counts = state === "APPROVED" && commit_id === pull.head.sha && submitted_at >= madeAt;
    if (counts && login !== pull.user.login && (await mayWrite(github, login))) given.push(login);
  }
  return { code, needed: neededFor[code], given };
}

async function mayWrite(github: GitHub, login: string): Promise<boolean> {
  const { permission } = await github.get<{ permission: string }>(`/collaborators/${login}/permission`);
  return permission === "admin" || permission === "write";
}

/** Says in at most 140 characters, GitHub's limit for a status, what is there and what is missing. */
export const approvalsText = ({ needed, given }: Approvals): string =>
  needed === 0
    ? "The plans need no approval of their own."
    : `${given.length} of ${needed} approvals after the plan was made, by people other than the author.`;
