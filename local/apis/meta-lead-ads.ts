import type { CrmLead } from "../senders/leads.ts";
import { recordIdOf } from "../senders/record-id.ts";
import { nameOf } from "../senders/sender.ts";
import { type ApiReply, bearerIn, type CreateApi, SimulatedApi } from "./simulated-api.ts";

const known = ["id", "created_time", "campaign_name", "form_id", "platform", "field_data"];

/** Meta's status and error for each kind. https://developers.facebook.com/docs/graph-api/guides/error-handling */
const problems = {
  401: [400, { message: "Error validating access token.", type: "OAuthException", code: 190, error_subcode: 460 }],
  404: [400, { message: "Unsupported get request.", type: "GraphMethodException", code: 100, error_subcode: 33 }],
  405: [400, { message: "Unsupported request.", type: "GraphMethodException", code: 100 }],
  429: [400, { message: "There have been too many calls.", type: "OAuthException", code: 80_005 }],
  503: [503, { message: "Service temporarily unavailable", type: "OAuthException", code: 2, is_transient: true }],
} as const;

/** Simulates the Graph API's leads. https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving */
class GraphApi extends SimulatedApi {
  constructor(token: string) {
    super(token, { rate: 50, burst: 200 });
  }

  put(lead: CrmLead): void {
    const id = String(recordIdOf(lead));
    const answers = {
      full_name: nameOf(lead) || undefined,
      email: lead.email,
      phone_number: lead.phone,
      company_name: lead.company,
      country: lead.country,
      job_title: lead.job_title,
      how_can_we_help_you: lead.message,
    };
    this.records.set(id, {
      id,
      created_time: "2026-03-01T12:00:00+0000",
      campaign_name: "Spring 2026",
      form_id: "871390251820471",
      platform: "ig",
      field_data: Object.entries(answers).flatMap(([name, value]) =>
        value === undefined ? [] : [{ name, values: [value] }],
      ),
    });
  }

  protected readonly tokenIn = bearerIn;

  /** A lead, with those fields only that the request names. An unknown one is an error. */
  protected answer({ pathname, searchParams }: URL): ApiReply {
    const [, id = ""] = /^\/v\d+\.\d\/(\d+)$/.exec(pathname) ?? [];
    const lead = this.records.get(id);
    const names = (searchParams.get("fields") ?? "id,created_time,field_data").split(",");
    if (!lead || names.some((name) => !known.includes(name))) return this.problem(lead ? 405 : 404);
    return {
      status: 200,
      body: Object.fromEntries(Object.entries(lead).filter(([name]) => name === "id" || names.includes(name))),
    };
  }

  protected problem(kind: keyof typeof problems): ApiReply {
    const [status, error] = problems[kind];
    return { status, body: { error: { ...error, fbtrace_id: "ATtUVDXqQk1qdsrYSqtuddJ" } } };
  }
}

export const createApi: CreateApi = (token) => new GraphApi(token);
