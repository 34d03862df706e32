import { mapValues, omitBy } from "es-toolkit/object";
import { isPlainObject } from "es-toolkit/predicate";
import { ignored, readerWith } from "../general-reader.ts";
import { type Reader, withLink } from "../reading.ts";
import { decodedXml, parsedXml } from "./xml.ts";

const readRecord = readerWith({
  at: {
    ...ignored(
      "",
      "OwnerId CreatedById LastModifiedById CreatedDate LastModifiedDate SystemModstamp IsConverted IsDeleted",
    ),
    ...ignored(
      "",
      "Status Rating Industry Salutation Name PhotoUrl MasterRecordId RecordTypeId IsUnreadByOwner Jigsaw",
    ),
    Id: "crmId",
    FirstName: "firstName",
    LastName: "lastName",
    Title: "jobTitle",
    Company: "company",
    Email: "email",
    Phone: "phone",
    MobilePhone: "phone",
    Website: "website",
    Country: "country",
    Description: "message",
    LeadSource: "origin",
    NumberOfEmployees: "employees",
  },
});

/**
 * Reads the Lead of a notification, by the names of Salesforce's fields.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_lead.htm
 */
export const readLead: Reader = ({ notification, enterpriseUrl }, context) => {
  const record = recordIn(notification);
  const isKnown = typeof enterpriseUrl === "string" && record.Id;
  return withLink(readRecord(record, context), isKnown ? `${enterpriseUrl}/${record.Id}` : undefined, "enterpriseUrl");
};

/** The fields of a notification's record that hold a text. One that is empty or nil holds none. */
function recordIn(notification: unknown): Readonly<Record<string, string>> {
  const { Notification: element } = xmlIn(notification) as { readonly Notification?: { readonly sObject?: unknown } };
  const record = isPlainObject(element) && isPlainObject(element.sObject) ? element.sObject : {};
  const texts = omitBy(record, (value, name) => typeof value !== "string" || String(name).startsWith("@"));
  return mapValues(texts as Readonly<Record<string, string>>, decodedXml);
}

/** A reader never throws. */
function xmlIn(text: unknown): object {
  try {
    const content = typeof text === "string" ? parsedXml(text) : undefined;
    return isPlainObject(content) ? content : {};
  } catch {
    return {};
  }
}
