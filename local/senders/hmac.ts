import { createHmac, hash } from "node:crypto";
import type { SettingValues } from "../../functions/sources/declaration.ts";
import type { hmacSettings } from "../../functions/sources/general-settings.ts";
import type { Sender } from "./sender.ts";

/** A website's own form, which signs as the source's settings say. */
export const sender: Sender = {
  makeSecret: (seed) => hash("sha256", seed),
  body: (lead) => JSON.stringify({ event: "lead.created", lead }),
  headers({ body, at }, secret, given) {
    const settings = given as Required<SettingValues<typeof hmacSettings>>;
    const perSecond = settings.timestampUnit === "seconds" ? 1000 : 1;
    const timestamp = String(Math.floor(at.getTime() / perSecond));
    const content = settings.signedContent.replace("{timestamp}", timestamp).replace("{body}", () => body);
    const signature = createHmac("sha256", secret ?? "")
      .update(content)
      .digest(settings.encoding as "hex" | "base64");
    return {
      "content-type": "application/json",
      [settings.header]: secret === undefined ? "" : `${settings.prefix}${signature}`,
      [settings.timestampHeader]: timestamp,
    };
  },
};
