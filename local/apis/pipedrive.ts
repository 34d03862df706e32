import type { IncomingMessage } from "node:http";
import type { CrmLead } from "../senders/leads.ts";
import { personData } from "../senders/pipedrive.ts";
import { organizationIdOf, recordIdOf } from "../senders/record-id.ts";
import { type ApiReply, type CreateApi, SimulatedApi } from "./simulated-api.ts";

/** https://pipedrive.readme.io/docs/core-api-concepts-responses */
const problems = {
  401: "unauthorized access",
  404: "Not found",
  405: "Method not allowed",
  429: "request over limit",
  503: "Requested service is not available",
} as const;

/**
 * Simulates Pipedrive's persons and organizations, with the limits of its smallest plan.
 * https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting
 */
class PipedriveApi extends SimulatedApi {
  constructor(token: string) {
    super(token, { rate: 10, burst: 20 });
  }

  put(lead: CrmLead): void {
    this.records.set(`persons/${recordIdOf(lead)}`, personData(lead));
    if (lead.company === undefined) return;
    const id = organizationIdOf(lead);
    this.records.set(`organizations/${id}`, {
      id,
      name: lead.company,
      owner_id: 12_345_678,
      address: { value: "1 Main Street", country: lead.country },
      website: lead.website ?? null,
      employee_count: lead.employees ?? null,
      is_deleted: false,
    });
  }

  protected tokenIn({ headers }: IncomingMessage): string | undefined {
    return headers["x-api-token"]?.toString();
  }

  protected answer({ pathname }: URL): ApiReply {
    const [, path = ""] = /^\/api\/v2\/((?:persons|organizations)\/\d+)$/.exec(pathname) ?? [];
    const data = this.records.get(path);
    return data ? { status: 200, body: { success: true, data } } : this.problem(404);
  }

  protected problem(status: keyof typeof problems, retryAfterSeconds?: number): ApiReply {
    const error_info = "Please check developers.pipedrive.com";
    return {
      status,
      body: { success: false, error: problems[status], error_info, data: null, additional_data: null },
      ...(retryAfterSeconds !== undefined && {
        headers: { "retry-after": `${retryAfterSeconds}`, "x-ratelimit-reset": `${retryAfterSeconds}` },
      }),
    };
  }
}

export const createApi: CreateApi = (token) => new PipedriveApi(token);
