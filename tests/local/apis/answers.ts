import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createApi as hubspot } from "../../../local/apis/hubspot.ts";
import { createApi as metaLeadAds } from "../../../local/apis/meta-lead-ads.ts";
import { createApi as pipedrive } from "../../../local/apis/pipedrive.ts";
import type { ApiMode } from "../../../local/apis/simulated-api.ts";
import type { CrmLead } from "../../../local/senders/leads.ts";
import { organizationIdOf, recordIdOf } from "../../../local/senders/record-id.ts";
import { fullLead } from "../senders/requests.ts";

const file = join(import.meta.dirname, "answers.txt");
const poor: CrmLead = { id: "lead_2" };
const [rich, bare] = [fullLead, poor].map(recordIdOf);

const bearer = { authorization: "Bearer right" };
const apis = {
  hubspot: {
    create: hubspot,
    token: bearer,
    paths: [
      `/crm/v3/objects/contacts/${rich}`,
      `/crm/v3/objects/contacts/${bare}?properties=email,company,numemployees`,
      `/crm/v3/objects/contacts/${rich}?properties=${["phone", "country", "jobtitle", "message", "website"]}`,
      `/crm/v3/objects/contacts/${rich}?properties=${["company", "numemployees", "hubspot_owner_id", "hs_analytics_source"]}`,
      "/crm/v3/objects/contacts/1",
    ],
  },
  "meta-lead-ads": {
    create: metaLeadAds,
    token: bearer,
    paths: [
      `/v24.0/${rich}`,
      `/v24.0/${bare}`,
      `/v24.0/${bare}?fields=campaign_name,form_id,platform`,
      `/v24.0/${rich}?fields=odd`,
      "/v24.0/1",
    ],
  },
  pipedrive: {
    create: pipedrive,
    token: { "x-api-token": "right" },
    paths: [
      ...[rich, bare, 1].map((id) => `/api/v2/persons/${id}`),
      ...[fullLead, poor].map((lead) => `/api/v2/organizations/${organizationIdOf(lead)}`),
    ],
  },
} as const;

/** What the simulated API of each vendor answers, in every mode. */
export async function answersOfAll(): Promise<string> {
  const texts: string[] = [];
  for (const [name, { create, token, paths }] of Object.entries(apis)) {
    const api = create("right");
    await api.start();
    for (const lead of [fullLead, poor]) api.put(lead);
    const note = async (what: string, path: string, headers: Readonly<Record<string, string>>, method = "GET") => {
      const answer = await fetch(api.url + path, { headers, method });
      const named = ["content-type", "retry-after", "x-ratelimit-reset"].flatMap(
        (one) => answer.headers.get(one) ?? [],
      );
      const body = JSON.stringify(await answer.json(), null, 1);
      texts.push(`# ${name}: ${what}\n${answer.status} ${named.join(", ")}\n${body}`);
    };
    for (const path of paths) await note(path, path, token);
    const [path] = paths;
    await note("without a token", path, {});
    await note("with another token", path, { authorization: "Bearer wrong", "x-api-token": "wrong" });
    await note("POST", path, token, "POST");
    for (const mode of ["down", "limited"] satisfies ApiMode[]) {
      api.mode = mode;
      await note(mode, path, token);
    }
    await api.stop();
  }
  return texts.join("\n\n");
}

/** The answers as they were written last. */
export const written = (): string => readFileSync(file, "utf8").trimEnd();

if (import.meta.main) writeFileSync(file, `${await answersOfAll()}\n`);
