import { createHmac } from "node:crypto";
import type { SettingValues } from "../../functions/sources/declaration.ts";
import type { hmacSettings } from "../../functions/sources/general-settings.ts";
import { longDelivery, type Sender } from "./sender.ts";

/** A website's own form, which signs as the source's settings say. */
export const sender: Sender = {
  takesAnyShape: true,
  leadsInRequest: 1,
  body: ([lead]) => JSON.stringify({ event: "lead.created", lead }),
  request(body, { secrets: { "signing-secret": secret }, settings: given }, { url, at }) {
    const settings = given as Required<SettingValues<typeof hmacSettings>>;
    const perSecond = settings.timestampUnit === "seconds" ? 1000 : 1;
    const timestamp = String(Math.floor(at.getTime() / perSecond));
    const content = settings.signedContent.replace("{timestamp}", timestamp).replace("{body}", () => body);
    const signature = createHmac("sha256", secret ?? "")
      .update(content)
      .digest(settings.encoding as "hex" | "base64");
    const headers = {
      "content-type": "application/json",
      [settings.header]: secret === undefined ? "" : `${settings.prefix}${signature}`,
      [settings.timestampHeader]: timestamp,
    };
    return { url, headers };
  },
  delivery: longDelivery,
};
