import type { CrmLead } from "../senders/leads.ts";
import { recordIdOf } from "../senders/record-id.ts";
import { type ApiReply, bearerIn, type CreateApi, SimulatedApi } from "./simulated-api.ts";

/** What HubSpot says of itself with an error. https://developers.hubspot.com/docs/api-reference/latest/error-handling */
const problems = {
  401: { category: "INVALID_AUTHENTICATION", message: "Authentication credentials not found or not valid." },
  404: { category: "OBJECT_NOT_FOUND", message: "resource not found" },
  405: { category: "METHOD_NOT_ALLOWED", message: "method not allowed" },
  429: { category: "RATE_LIMITS", policyName: "TEN_SECONDLY_ROLLING", message: "You have reached your limit." },
  503: { category: "SERVICE_UNAVAILABLE", message: "Service unavailable." },
} as const;

/** Simulates HubSpot's API of contacts. https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide */
class HubSpotApi extends SimulatedApi {
  /** https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
  constructor(token: string) {
    super(token, { rate: 10, burst: 100 });
  }

  put(lead: CrmLead): void {
    this.records.set(String(recordIdOf(lead)), {
      firstname: lead.first_name,
      lastname: lead.last_name,
      email: lead.email,
      phone: lead.phone,
      company: lead.company,
      country: lead.country,
      jobtitle: lead.job_title,
      message: lead.message,
      website: lead.website,
      numemployees: lead.employees,
      hubspot_owner_id: "71",
      hs_analytics_source: "PAID_SEARCH",
    });
  }

  protected readonly tokenIn = bearerIn;

  /** A contact, with those properties only that the request names; one without a value is null. */
  protected answer({ pathname, searchParams }: URL): ApiReply {
    const [, id = ""] = /^\/crm\/v3\/objects\/contacts\/(\d+)$/.exec(pathname) ?? [];
    const contact = this.records.get(id);
    if (!contact) return this.problem(404);
    const names = (searchParams.get("properties") ?? "email,firstname,lastname").split(",");
    const known = contact as Readonly<Record<string, unknown>>;
    const properties = Object.fromEntries(
      names.map((name) => [name, known[name] == null ? null : String(known[name])]),
    );
    const times = { createdAt: "2026-03-01T12:00:00.000Z", updatedAt: "2026-03-01T12:00:00.000Z" };
    return { status: 200, body: { id, properties: { ...properties, hs_object_id: id }, ...times, archived: false } };
  }

  protected problem(status: keyof typeof problems, retryAfterSeconds?: number): ApiReply {
    return {
      status,
      body: { status: "error", correlationId: "aeb5f871-7f07-4993-9211-075dc63e7cbf", ...problems[status] },
      ...(retryAfterSeconds !== undefined && { headers: { "retry-after": String(retryAfterSeconds) } }),
    };
  }
}

export const createApi: CreateApi = (token) => new HubSpotApi(token);
