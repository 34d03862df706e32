import { isPlainObject } from "es-toolkit/predicate";
import { maxLeads } from "../../lead/raw-lead.ts";
import { RejectedError } from "../../lead/rejection.ts";
import { type Door, type SourceEvent, type SourceRequest, UnprovenRequestError } from "../door.ts";
import { isOneOf, sameText } from "../verify/same-text.ts";
import { decodedXml, parsedXml } from "./xml.ts";

/** Bytes of a message, which can hold 100 leads with long texts. Lambda takes 6 MB. */
const maxMessageBytes = 4 * 1024 * 1024;

const acknowledgement =
  '<?xml version="1.0" encoding="UTF-8"?>' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
  '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>' +
  "</soapenv:Body></soapenv:Envelope>";

/**
 * Lets in outbound messages, which have no signature: a secret in the query and the organization's Id prove them. Salesforce
 * takes only the acknowledgement for success, and sends a message as a whole again until then.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging.htm
 */
export const door: Door = {
  verify(request, { secrets, settings }) {
    const given = new URLSearchParams(request.query).get("secret") ?? "";
    if (!isOneOf(given, secrets)) {
      throw new UnprovenRequestError("BadCredentials", "The request's secret in its address was refused.");
    }
    const { organizationId } = settings as { readonly organizationId: string };
    const { OrganizationId: sent } = messageIn(request).notifications;
    if (typeof sent === "string" && isSameId(sent, organizationId)) return;
    throw new UnprovenRequestError("BadCredentials", "The message is not of the source's organization.");
  },
  split(request) {
    const { text, notifications } = messageIn(request);
    const all = [notifications.Notification ?? []].flat();
    const parts = text.match(/<((?:[\w.-]+:)?Notification)[\s>][\s\S]*?<\/\1\s*>/g) ?? [];
    if (all.length > maxLeads) {
      throw new RejectedError("TooManyLeads", `The message holds ${all.length} leads; the limit is ${maxLeads}.`);
    }
    if (all.length !== parts.length) throw new RejectedError("NotXml", "The message's notifications are not plain.");
    const { OrganizationId: organization, EnterpriseUrl: url } = notifications;
    return all.map((one, index) => eventOf(one, parts[index] ?? "", { organization, url }));
  },
  answer: { status: 200, contentType: "text/xml; charset=utf-8", body: acknowledgement },
};

type Element = Readonly<Record<string, unknown>>;
const elementIn = (value: unknown): Element => (isPlainObject(value) ? value : {});

/** A message, and its element of notifications. @throws RejectedError NotXml, TooLarge */
function messageIn({ body }: SourceRequest) {
  if (body.byteLength > maxMessageBytes) {
    throw new RejectedError("TooLarge", `The message has ${body.byteLength} bytes; the limit is ${maxMessageBytes}.`);
  }
  const text = body.toString("utf8");
  const { Body: content } = elementIn(elementIn(parsedXml(text)).Envelope);
  return { text, notifications: elementIn(elementIn(content).notifications) };
}

/** Ids are compared by their first 15 characters if one of them has no more. The other three only repeat their case. */
const isSameId = (sent: string, known: string) =>
  sameText(known.length === 15 && /^\w{18}$/.test(sent) ? sent.slice(0, 15) : sent, known);

/** What is stored is the notification as it came, and where the organization is. The message's SessionId is a secret. */
function eventOf(value: unknown, notification: string, message: { organization: unknown; url: unknown }): SourceEvent {
  const record = elementIn(elementIn(value).sObject);
  const type = String(record["@type"]).replace(/^.*:/, "");
  if (type !== "Lead") {
    return { kind: "ignored", reason: `a record of the type ${/^\w{1,40}$/.test(type) ? type : "?"}` };
  }
  if (typeof record.Id !== "string" || !/^\w{15,18}$/.test(record.Id)) {
    return { kind: "ignored", reason: "a lead without an Id" };
  }
  const enterpriseUrl = typeof message.url === "string" ? URL.parse(decodedXml(message.url))?.origin : undefined;
  const json = JSON.stringify({ notification, ...(enterpriseUrl && { enterpriseUrl }) });
  return { kind: "lead", identity: [String(message.organization), record.Id], json };
}
