export const organizationId = "00DR00000000XcDMAS";

/** A notification of a lead. https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging.htm */
export function notification(fields: Readonly<Record<string, string>> = {}, type = "sf:Lead"): string {
  const all = {
    Id: "00QR000000aBcDeMAK",
    Company: "Smith &amp; Sons &lt;Ltd&gt;",
    Email: "jane.roe@acme.example",
    FirstName: "Jane",
    LastName: "O&apos;Brien",
    LeadSource: "Web",
    Phone: "+1 650 555 0123",
    Title: "Head of Sales",
    ...fields,
  };
  const elements = Object.entries(all).map(([name, value]) => `     <sf:${name}>${value}</sf:${name}>`);
  return `<Notification>
    <Id>04lR0000000CcIFIA0</Id>
    <sObject xsi:type="${type}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
${elements.join("\n")}
     <sf:Fax xsi:nil="true"/>
    </sObject>
   </Notification>`;
}

/** An outbound message. */
export const message = (...notifications: readonly string[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>${organizationId}</OrganizationId>
   <ActionId>04kR00000004CCXIA2</ActionId>
   <SessionId>s3ssion</SessionId>
   <EnterpriseUrl>https://acme.my.salesforce.com/services/Soap/c/61.0/00DR00000000XcD</EnterpriseUrl>
   <PartnerUrl>https://acme.my.salesforce.com/services/Soap/u/61.0/00DR00000000XcD</PartnerUrl>
   ${notifications.join("\n   ")}
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`;
