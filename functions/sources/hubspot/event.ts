import type { RawLead } from "../../lead/raw-lead.ts";

/**
 * What HubSpot's test button sends: an event of a contact that does not exist.
 * https://developers.hubspot.com/docs/api/webhooks
 */
export const isTestEvent = ({ eventId, objectId }: RawLead): boolean => eventId === 1 && objectId === 123;
