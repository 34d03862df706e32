import { hash } from "node:crypto";
import type { CrmLead } from "./leads.ts";
import { recordIdOf } from "./record-id.ts";
import { doublingDelays, type Sender } from "./sender.ts";

/** An Id of 18 characters. */
const leadIdOf = (lead: CrmLead) => `00Q${recordIdOf(lead).toString(36).padStart(12, "0")}AAA`;

/**
 * Outbound messages with new leads. Salesforce sends a message again until it is acknowledged, for 24 hours.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging.htm
 */
export const sender: Sender = {
  leadsInRequest: 10,
  body: (leads, { settings: { organizationId } }) =>
    `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>${organizationId}</OrganizationId>
   <ActionId>04kR00000004CCXIA2</ActionId>
   <SessionId xsi:nil="true"/>
   <EnterpriseUrl>https://acme.my.salesforce.com/services/Soap/c/61.0/00DR00000000XcD</EnterpriseUrl>
   <PartnerUrl>https://acme.my.salesforce.com/services/Soap/u/61.0/00DR00000000XcD</PartnerUrl>
${leads.map(notification).join("\n")}
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`,
  request: (_, { secrets: { "url-secret": secret } }, { url }) => ({
    url: secret ? `${url}?secret=${secret}` : url,
    headers: { "content-type": "text/xml; charset=utf-8", soapaction: '""' },
  }),
  identity: (lead, { settings: { organizationId } }) => [String(organizationId), leadIdOf(lead)],
  delivery: {
    isSuccess: (status, body) => status === 200 && body.includes("<Ack>true</Ack>"),
    isRetried: () => true,
    delays: doublingDelays(15, 7200, 86_400),
    answerSeconds: 60,
  },
};

function notification(lead: CrmLead): string {
  const fields = {
    Id: leadIdOf(lead),
    FirstName: lead.first_name,
    LastName: lead.last_name,
    Title: lead.job_title,
    Company: lead.company,
    Email: lead.email,
    Phone: lead.phone,
    Website: lead.website,
    Country: lead.country,
    Description: lead.message,
    NumberOfEmployees: lead.employees,
    LeadSource: "Web",
  };
  const elements = Object.entries(fields).map(([name, value]) =>
    value === undefined ? `<sf:${name} xsi:nil="true"/>` : `<sf:${name}>${escaped(String(value))}</sf:${name}>`,
  );
  return `   <Notification>
    <Id>04l${hash("sha256", lead.id).slice(0, 12)}AAA</Id>
    <sObject xsi:type="sf:Lead" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
     ${elements.join("\n     ")}
    </sObject>
   </Notification>`;
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
