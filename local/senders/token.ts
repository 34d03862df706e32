import type { SettingValues } from "../../functions/sources/declaration.ts";
import type { tokenSettings } from "../../functions/sources/general-settings.ts";
import { longDelivery, type Sender } from "./sender.ts";

/** A Zap that posts the fields of a lead, with the source's token in a header. */
export const sender: Sender = {
  takesAnyShape: true,
  leadsInRequest: 1,
  body: ([lead]) => JSON.stringify(lead),
  request(_, { secrets: { token = "" }, settings }, { url }) {
    const { header } = settings as Required<SettingValues<typeof tokenSettings>>;
    const isBearer = header.toLowerCase() === "authorization";
    return { url, headers: { "content-type": "application/json", [header]: isBearer ? `Bearer ${token}` : token } };
  },
  delivery: longDelivery,
};
