import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { zipSync } from "fflate";
import { GitHub } from "../../../deploy/github/api.ts";
import { httpServer } from "../../helpers/http-server.ts";

export const repository = "example/leadwire";
export const bot = "github-actions[bot]";
export const headSha = "a".repeat(40);
export const mergeSha = "b".repeat(40);

interface Artifact {
  readonly id: number;
  readonly run: number;
  readonly name: string;
  readonly expired: boolean;
  readonly created_at: string;
  readonly file: Uint8Array;
}

/** What the simulated GitHub holds. Tests put things in and look at what became of them. */
export class State {
  readonly pulls = [{ number: 12, merge_commit_sha: mergeSha, head: { sha: headSha }, user: { login: "author" } }];
  readonly comments: { id: number; body: string; user: { login: string } }[] = [];
  readonly issues: { number: number; body: string; state: string; user: { login: string } }[] = [];
  readonly labels: { name: string }[] = [];
  readonly statuses: { state: string; context: string; description: string }[] = [];
  readonly reviews: object[] = [];
  /** Logins of those who may write. */
  readonly writers = ["alice", "bob", "author"];
  readonly admins = ["root"];
  readonly runs: Record<string, unknown>[] = [
    {
      id: 1,
      event: "pull_request",
      status: "completed",
      conclusion: "success",
      head_repository: { full_name: repository },
    },
  ];
  readonly artifacts: Artifact[] = [];
  /** Method and path of every request. */
  readonly requests: string[] = [];

  /** Adds an artifact, of the run for the pull request's head unless it says otherwise. */
  addArtifact(artifact: Partial<Artifact> & { readonly name: string }): void {
    const id = this.artifacts.length + 100;
    const rest = { id, run: 1, expired: false, created_at: "2026-11-27T10:00:00Z", file: new Uint8Array([1]) };
    this.artifacts.push({ ...rest, ...artifact });
  }

  /** Adds an approving review of a person. */
  addReview(login: string, changes: object = {}): void {
    const user = { login, type: "User" };
    const submitted_at = "2026-11-27T11:00:00Z";
    this.reviews.push({ user, state: "APPROVED", commit_id: headSha, submitted_at, ...changes });
  }
}

/** What a request carries, each field of some requests only. */
interface Body {
  readonly body: string;
  readonly labels: readonly string[];
  readonly state: string;
  readonly context: string;
  readonly description: string;
}

interface Call {
  readonly state: State;
  /** What stands in the path for the route's parts in parentheses. */
  readonly part: string;
  readonly body: Body;
  readonly query: URLSearchParams;
}

const remove = <Item>(list: Item[], test: (item: Item) => boolean) => list.splice(list.findIndex(test), 1);

const routes: Readonly<Record<string, (call: Call) => unknown>> = {
  "GET /commits/(\\w+)/pulls": ({ state }) => state.pulls,
  "GET /issues/12/comments": ({ state }) => state.comments,
  "POST /issues/12/comments": ({ state: { comments }, body }) =>
    comments.push({ id: comments.length + 1000, user: { login: bot }, ...body }),
  "PATCH /issues/comments/(\\d+)": ({ state, part, body }) =>
    Object.assign(state.comments.find(({ id }) => id === Number(part)) ?? {}, body),
  "DELETE /issues/comments/(\\d+)": ({ state, part }) => remove(state.comments, ({ id }) => id === Number(part)),
  "GET /issues/12/labels": ({ state }) => state.labels,
  "POST /issues/12/labels": ({ state, body }) => state.labels.push(...body.labels.map((name) => ({ name }))),
  "DELETE /issues/12/labels/(.+)": ({ state, part }) =>
    remove(state.labels, ({ name }) => name === decodeURIComponent(part)),
  "GET /issues": ({ state }) => state.issues.filter((issue) => issue.state === "open"),
  "POST /issues": ({ state: { issues }, body }) =>
    issues.push({ ...body, number: issues.length + 50, state: "open", user: { login: bot } }),
  "PATCH /issues/(\\d+)": ({ state, part, body }) =>
    Object.assign(state.issues.find(({ number }) => number === Number(part)) ?? {}, body),
  "POST /issues/(\\d+)/comments": () => ({}),
  "GET /pulls/12/reviews": ({ state }) => state.reviews,
  "GET /collaborators/(.+)/permission": ({ state, part }) => ({
    permission: state.admins.includes(part) ? "admin" : state.writers.includes(part) ? "write" : "read",
  }),
  "POST /statuses/(\\w+)": ({ state, body }) => state.statuses.push(body),
  "GET /actions/workflows/plan.yml/runs": ({ state, query }) => ({
    workflow_runs: state.runs.filter((run) => {
      const { event, head_sha = headSha, created_at = new Date().toISOString(), conclusion = "success" } = run;
      const isOfHead = [null, head_sha].includes(query.get("head_sha"));
      if (![null, conclusion].includes(query.get("status"))) return false;
      const since = query.get("created")?.replace(/^>=/, "") ?? "";
      return event === query.get("event") && isOfHead && String(created_at) >= since;
    }),
  }),
  "GET /actions/runs/(\\d+)/artifacts": ({ state, part }) => ({
    artifacts: state.artifacts.filter(({ run }) => run === Number(part)),
  }),
  "GET /actions/artifacts/(\\d+)/zip": ({ state, part }) =>
    zipSync({ "plan.sealed": state.artifacts.find(({ id }) => id === Number(part))?.file ?? new Uint8Array() }),
};

/** A simulated GitHub on a loopback port. It refuses requests without the token and those that it does not know. */
export async function fakeGitHub() {
  const state = new State();
  const server = await httpServer(async (request, response) => {
    const url = new URL(request.url ?? "", `http://${request.headers.host}`);
    const call = `${request.method} ${url.pathname.replace(`/repos/${repository}`, "")}`;
    state.requests.push(call);
    const body = await text(request);
    const known = Object.entries(routes).find(([route]) => new RegExp(`^${route}$`).test(call));
    if (!known || request.headers.authorization !== "Bearer token") {
      response.statusCode = 404;
      response.end('{"message":"Not Found"}');
      return;
    }
    const [route, handler] = known;
    const [, part = ""] = new RegExp(`^${route}$`).exec(call) ?? [];
    const parsed = (body ? JSON.parse(body) : {}) as Body;
    const answer = handler({ state, part, body: parsed, query: url.searchParams });
    if (answer instanceof Uint8Array) response.end(answer);
    else response.end(JSON.stringify(request.method === "GET" ? paged(answer, url, response) : {}));
  });
  return {
    state,
    url: server.url,
    github: new GitHub(server.url, repository, "token"),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Few, so that what needs several pages is tested. */
const pageSize = 2;

/** A page of a list, which is the answer or is in its only field, with the link to the next page. */
function paged(answer: unknown, url: URL, response: ServerResponse): unknown {
  const [field, list] = Array.isArray(answer) ? [undefined, answer] : (Object.entries(answer as object)[0] ?? []);
  if (!Array.isArray(list)) return answer;
  const page = Number(url.searchParams.get("page") ?? 1);
  if (list.length > page * pageSize) {
    url.searchParams.set("page", String(page + 1));
    response.setHeader("link", `<${url.origin}/first>; rel="first", <${url}>; rel="next"`);
  }
  const items = list.slice((page - 1) * pageSize, page * pageSize);
  return field === undefined ? items : { total_count: list.length, [field]: items };
}
