import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readLead } from "../../../../functions/sources/salesforce/reader.ts";
import { decodedXml } from "../../../../functions/sources/salesforce/xml.ts";
import { answersIn, readingOf, textsIn } from "../../../helpers/reading.ts";
import { notification } from "./message.ts";

const salesforce = suite("salesforce reader");
const enterpriseUrl = "https://acme.my.salesforce.com";

salesforce("reads the fields of the lead, with their entities decoded", () => {
  const reading = readingOf(readLead, { notification: notification({ OwnerId: "005R0000000abcd" }), enterpriseUrl });
  assert.equal(textsIn(reading), {
    crmId: "00QR000000aBcDeMAK",
    url: "https://acme.my.salesforce.com/00QR000000aBcDeMAK",
    firstName: "Jane",
    lastName: "O'Brien",
    company: "Smith & Sons <Ltd>",
    email: "jane.roe@acme.example",
    phone: "+1 650 555 0123",
    jobTitle: "Head of Sales",
    origin: "Web",
  });
  assert.equal([reading.unread, reading.warnings], [[], []]);
});

salesforce("reads every standard field, and none of the custom ones that sound like it", () => {
  const custom = {
    Lead_Id__c: "7",
    Given_Name__c: "Eve",
    Surname__c: "Moe",
    Job_Title__c: "CFO",
    Company_Name__c: "Other",
    Work_Email__c: "eve@other.example",
    Company_Website__c: "https://other.example",
    Country_Name__c: "Chile",
    Message__c: "Bye",
    Origin__c: "Fair",
    Company_Size__c: "7",
  };
  const standard = {
    Website: "https://acme.example",
    Country: "Ireland",
    Description: "Hello",
    NumberOfEmployees: "250",
    MobilePhone: "+1 650 555 0124",
  };
  const unused = Object.fromEntries(
    [
      "OwnerId CreatedById LastModifiedById CreatedDate LastModifiedDate SystemModstamp IsConverted IsDeleted Status",
      "Rating Industry Salutation Name PhotoUrl MasterRecordId RecordTypeId IsUnreadByOwner Jigsaw",
    ].flatMap((names) => names.split(" ").map((name) => [name, "text"])),
  );
  const reading = readingOf(readLead, { notification: notification({ ...custom, ...standard, ...unused }) });
  assert.equal(textsIn(reading), {
    crmId: "00QR000000aBcDeMAK",
    firstName: "Jane",
    lastName: "O'Brien",
    jobTitle: "Head of Sales",
    company: "Smith & Sons <Ltd>",
    email: "jane.roe@acme.example",
    phone: "+1 650 555 0123",
    website: "https://acme.example",
    country: "Ireland",
    message: "Hello",
    origin: "Web",
    employees: "250",
  });
  assert.equal(
    reading.fields.phone?.map(({ text }) => String(text)),
    ["+1 650 555 0123", "+1 650 555 0124"],
  );
  const unread = Object.keys(custom).filter((name) => name !== "Work_Email__c");
  assert.equal([reading.unread.toSorted(), reading.answers], [unread.toSorted(), []]);
});

salesforce("decodes predefined entities and references once, and nothing else", () => {
  const text = "a&#13;&#x20AC;&lt;&amp;lt;&nbsp;&#xD800;&#1114112;&bomb;";
  assert.is(decodedXml(text), "a\r€<&lt;&nbsp;&bomb;");
});

salesforce("reads fields of the environment's own", () => {
  const given = { notification: notification({ Budget__c: "5000", Reason__c: "A demo", Description: "Hello" }) };
  const { fields, answers } = readLead(given, {
    event: given,
    fields: { message: "Reason__c", budget: "Budget__c" },
  });
  assert.is(String(fields.message?.[0].text), "A demo");
  assert.equal(answersIn({ answers }), [["budget", "5000"]]);
});

salesforce("reads any JSON and any text", () => {
  for (const one of [undefined, 7, {}, "", "<a/>", "<Notification><sObject/></Notification>", "<!DOCTYPE x>"]) {
    assert.equal(textsIn(readingOf(readLead, { notification: one })), {});
  }
});

salesforce.run();
