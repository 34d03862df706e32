import type { SourceFormat } from "../../functions/sources/index.ts";
import type { Sender } from "./sender.ts";
import { standardWebhooks } from "./standard-webhooks.ts";

/** Who sends leads in a run, by the format of the source. A format without a sender is a type error. */
export const senders: Readonly<Record<SourceFormat, Sender>> = {
  "standard-webhooks": standardWebhooks,
};
