import { createHmac } from "node:crypto";
import type { ReceivedCall } from "../environment.ts";
import type { Json } from "../world.ts";

/** A source of events that hold only ids, with its secrets. */
export const hubspot = {
  name: "hubspot",
  format: "hubspot",
  secret: "5bd4b7e0-simulated",
  token: "pat-na1-simulated",
} as const;

const address = { host: "leads.example.com", path: `/${hubspot.name}` };
const apiUrl = "https://api.hubapi.com/crm/v3/objects/contacts/";

/** An answer of the API. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An event of a created contact, whose number is that of the lead's token, such as 7 for L00007. */
export const contactCreated = (token: string): Json => ({
  eventId: 1000,
  portalId: 33,
  objectId: Number(token.slice(1)),
  subscriptionType: "contact.creation",
  sourceId: token,
});

/** The headers of HubSpot's request with a body. */
export function signedHeaders(body: string, at: Date): Readonly<Record<string, string>> {
  const time = String(at.getTime());
  const signed = `POSThttps://${address.host}${address.path}${body}${time}`;
  return {
    host: address.host,
    "x-hubspot-request-timestamp": time,
    "x-hubspot-signature-v3": createHmac("sha256", hubspot.secret).update(signed).digest("base64"),
  };
}

/** The API's contacts: each number is one. */
export function serveContact({ input: { url, authorization } }: ReceivedCall): Json {
  if (authorization !== `Bearer ${hubspot.token}`) return { ...refused };
  const { origin, pathname } = new URL(String(url));
  const number = `${origin}${pathname}`.replace(apiUrl, "");
  const token = `L${number.padStart(5, "0")}`;
  const properties = { firstname: "Ada", lastname: token, email: `${token.toLowerCase()}@acme.example`, country: "US" };
  return /^\d+$/.test(number)
    ? { status: 200, body: JSON.stringify({ id: number, properties }) }
    : { status: 404, body: "{}" };
}

export const refused: ApiAnswer = { status: 401, body: '{"status":"error"}' };
export const limited: ApiAnswer = { status: 429, body: '{"status":"error"}', headers: { "retry-after": "30" } };
export const unavailable: ApiAnswer = { status: 503, body: "<html>Service unavailable</html>" };
