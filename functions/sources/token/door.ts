import type { SettingValues } from "../declaration.ts";
import type { Door } from "../door.ts";
import { eventsInBody, identityBy } from "../general-events.ts";
import type { tokenSettings } from "../general-settings.ts";
import { verifyToken } from "../verify/credentials.ts";

type Settings = Required<SettingValues<typeof tokenSettings>>;

/** Any sender that can only add a header: Zapier, Make, n8n, Salesforce Flow. */
export const door: Door = {
  verify(request, context) {
    const header = (context.settings as Settings).header.toLowerCase();
    verifyToken({ header, ...(header === "authorization" && { scheme: "Bearer" }) }, request, context);
  },
  split: ({ body }, { settings }) => eventsInBody(body, identityBy(settings as Settings)),
};
