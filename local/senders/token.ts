import { hash } from "node:crypto";
import type { SettingValues } from "../../functions/sources/declaration.ts";
import type { tokenSettings } from "../../functions/sources/general-settings.ts";
import type { Sender } from "./sender.ts";

/** A Zap that posts the fields of a lead, with the source's token in a header. */
export const sender: Sender = {
  makeSecret: (seed) => hash("sha256", seed),
  body: (lead) => JSON.stringify(lead),
  headers(_, secret = "", given) {
    const { header } = given as Required<SettingValues<typeof tokenSettings>>;
    const isBearer = header.toLowerCase() === "authorization";
    return { "content-type": "application/json", [header]: isBearer ? `Bearer ${secret}` : secret };
  },
};
