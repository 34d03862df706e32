import { LeadwireError } from "../../errors.ts";

/** What a workflow found or was told that makes going on impossible. The message says what to do. */
export class WorkflowError extends LeadwireError<
  "GitHub" | "Variable" | "PullRequest" | "NoPlan" | "StalePlan" | "SealedPlan" | "Approvals" | "Plan"
> {}

/** Milliseconds for a request, its body included. */
const timeout = 60_000;

/** GitHub's REST API for one repository. https://docs.github.com/en/rest */
export class GitHub {
  readonly #url: string;
  readonly #token: string;

  /**
   * @param url of the API: GITHUB_API_URL
   * @param repository as OWNER/NAME: GITHUB_REPOSITORY
   */
  constructor(url: string, repository: string, token: string) {
    this.#url = `${url}/repos/${repository}`;
    this.#token = token;
  }

  /** Gets a resource below the repository's. @throws WorkflowError GitHub for every answer but 2xx, also in the other methods */
  async get<Answer>(path: string): Promise<Answer> {
    return (await (await this.#request("GET", this.#url + path)).json()) as Answer;
  }

  /** Gets all pages of a list, which is the answer or is in its field. */
  async list<Item>(path: string, field?: string): Promise<Item[]> {
    const items: Item[] = [];
    let next: string | undefined = `${this.#url}${path}${path.includes("?") ? "&" : "?"}per_page=100`;
    while (next !== undefined) {
      const response = await this.#request("GET", next);
      const page = (await response.json()) as Record<string, Item[]> & Item[];
      items.push(...(field === undefined ? page : (page[field] ?? [])));
      next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
    }
    return items;
  }

  async send(method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<void> {
    await this.#request(method, this.#url + path, body);
  }

  /** Gets a file. GitHub answers with a redirect to another host, which does not get the token. */
  async download(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#request("GET", this.#url + path)).arrayBuffer());
  }

  async #request(method: string, url: string, body?: unknown): Promise<Response> {
    const response = await fetch(url, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.#token}`,
        "x-github-api-version": "2022-11-28",
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeout),
    });
    if (response.ok) return response;
    const reason = (await response.text()).slice(0, 300);
    throw new WorkflowError("GitHub", `GitHub answered ${response.status} to ${method} ${url}: ${reason}`);
  }
}
