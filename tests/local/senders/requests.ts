import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceDeclaration } from "../../../functions/sources/declaration.ts";
import { type SourceFormat, sourceFormats } from "../../../functions/sources/index.ts";
import { filledSettings } from "../../../functions/sources/settings.ts";
import { makeSecrets, senders } from "../../../local/senders/index.ts";
import type { CrmLead } from "../../../local/senders/leads.ts";

const file = join(import.meta.dirname, "requests.txt");

/** A lead with all fields. */
export const fullLead: CrmLead = {
  id: "lead_1",
  url: "https://crm.example.com/leads/lead_1",
  first_name: "Ada",
  last_name: "Lovelace",
  email: "ada@example.com",
  phone: "+44 20 7946 0000",
  company: "Engines",
  country: "United Kingdom",
  job_title: "Analyst",
  message: "Hello.",
  website: "https://www.example.com",
  employees: 7,
};

/** JSON in lines, anything else as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
}

/** What the sender of each format sends: a lead with all fields, and one with none but its id. */
export function requestsOfAll(): string {
  const texts = Object.entries(senders).map(([name, sender]) => {
    const format = name as SourceFormat;
    const declaration: SourceDeclaration = sourceFormats[format];
    const { secrets, fetch } = declaration;
    const given = format === "salesforce" ? { organizationId: "00DR00000000XcDMAS" } : {};
    const settings = { ...filledSettings(declaration, given) };
    const source = { secrets: makeSecrets(format, [...secrets, ...(fetch?.secrets ?? [])], "seed"), settings };
    const event = {
      url: `http://127.0.0.1:3000/${name}`,
      eventId: "event_1",
      at: new Date("2026-03-01T12:00:00.500Z"),
    };
    const requests = [fullLead, { id: "lead_2" }].map((lead) => {
      const body = sender.body([lead], source, event);
      const { body: sent = body, method = "POST", url, headers } = sender.request(body, source, event);
      const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}`);
      return [`${method} ${url}`, ...lines, readable(sent)].join("\n");
    });
    return [`# ${name}`, ...requests].join("\n\n");
  });
  return texts.join("\n\n");
}

/** The requests as they were written last. */
export const written = (): string => readFileSync(file, "utf8").trimEnd();

if (import.meta.main) writeFileSync(file, `${requestsOfAll()}\n`);
