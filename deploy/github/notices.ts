import type { GitHub } from "./api.ts";

/** Characters that GitHub takes for a comment or an issue. */
const longestBody = 65_536;

/** Whom the workflows write as: the account of GITHUB_TOKEN. */
const bot = "github-actions[bot]";

/** Something that the workflows wrote: a comment, or an issue. */
interface Notice {
  /** Of a comment. */
  readonly id: number;
  /** Of an issue. */
  readonly number: number;
  readonly body: string | null;
  readonly user: { readonly login: string } | null;
}

const markerOf = (kind: "plan" | "drift", environment: string) => `<!-- leadwire-${kind} ${environment} -->`;

/** A text of the workflows is found again by its first line, and only if the workflows wrote it. */
const isOurs = ({ body, user }: Notice, marker: string) => user?.login === bot && body?.startsWith(marker) === true;

/** The review is the most serious finding first, so a cut takes the least serious. */
function bodyOf(marker: string, text: string): string {
  const body = `${marker}\n${text}`;
  const end = "\n\nThe rest does not fit here. Read it in the log of the workflow.";
  return body.length <= longestBody ? body : body.slice(0, longestBody - end.length) + end;
}

/** Writes the comment on an environment's plan, or writes it anew where it already stands. */
export async function commentOnPlan(github: GitHub, pull: number, environment: string, text: string): Promise<void> {
  const marker = markerOf("plan", environment);
  const comments = await github.list<Notice>(`/issues/${pull}/comments`);
  const found = comments.find((comment) => isOurs(comment, marker));
  const body = bodyOf(marker, text);
  if (found) await github.send("PATCH", `/issues/comments/${found.id}`, { body });
  else await github.send("POST", `/issues/${pull}/comments`, { body });
}

/** Deletes comments on plans of environments that the pull request no longer changes. */
export async function removeOldComments(github: GitHub, pull: number, planned: readonly string[]): Promise<void> {
  const current = planned.map((environment) => markerOf("plan", environment));
  for (const comment of await github.list<Notice>(`/issues/${pull}/comments`)) {
    const isOld = isOurs(comment, "<!-- leadwire-plan ") && !current.some((marker) => isOurs(comment, marker));
    if (isOld) await github.send("DELETE", `/issues/comments/${comment.id}`);
  }
}

const labels: Readonly<Record<number, string>> = { 10: "plan: look", 20: "plan: approve" };

/** Gives a pull request the label of a review's exit code, and takes the others away. */
export async function labelPlan(github: GitHub, pull: number, code: number): Promise<void> {
  const present = (await github.list<{ name: string }>(`/issues/${pull}/labels`)).map(({ name }) => name);
  const wanted = labels[code];
  for (const name of Object.values(labels)) {
    if (name !== wanted && present.includes(name)) {
      await github.send("DELETE", `/issues/${pull}/labels/${encodeURIComponent(name)}`);
    }
  }
  if (wanted && !present.includes(wanted)) await github.send("POST", `/issues/${pull}/labels`, { labels: [wanted] });
}

/**
 * Keeps one open issue for an environment that differs from the main branch: opens it, writes it anew, and closes it when
 * nothing differs.
 * @param text what differs; undefined when nothing does
 */
export async function reportDrift(github: GitHub, environment: string, text: string | undefined): Promise<void> {
  const marker = markerOf("drift", environment);
  const issues = await github.list<Notice>("/issues?state=open&labels=drift");
  const found = issues.find((issue) => isOurs(issue, marker));
  if (text === undefined) {
    if (!found) return;
    await github.send("POST", `/issues/${found.number}/comments`, { body: "The plan is empty again." });
    await github.send("PATCH", `/issues/${found.number}`, { state: "closed" });
    return;
  }
  const body = bodyOf(marker, text);
  if (found) await github.send("PATCH", `/issues/${found.number}`, { body });
  else await github.send("POST", "/issues", { title: `${environment} differs from main`, labels: ["drift"], body });
}
