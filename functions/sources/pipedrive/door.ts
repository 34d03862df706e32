import type { Door } from "../door.ts";
import { eventInBody } from "../event-in-body.ts";
import { verifyBasic } from "../verify/credentials.ts";
import { pipedriveEvent } from "./event.ts";

/**
 * Lets in the events of webhooks of version 1 and 2. A created person or lead is the same by whichever version it comes.
 * https://pipedrive.readme.io/docs/guide-for-webhooks-v2
 * https://pipedrive.readme.io/docs/guide-for-webhooks
 */
export const door: Door = {
  verify: verifyBasic,
  split({ body }) {
    const { event, json } = eventInBody(body);
    const { meta, entity, data } = pipedriveEvent(event);
    const isCreated = meta.action === "create" || meta.action === "added";
    if (!isCreated || (entity !== "person" && entity !== "lead")) {
      return [{ kind: "ignored", reason: `${wordIn(meta.action)}.${wordIn(entity)}` }];
    }
    const [company, id] = [idIn(meta.company_id), idIn(data.id)];
    return id
      ? [{ kind: "lead", identity: [company ?? "", entity, id], json }]
      : [{ kind: "ignored", reason: "an event without the id of what was created" }];
  },
};

const idIn = (value: unknown) => (/^[\w-]{1,40}$/.test(String(value ?? "")) ? String(value) : undefined);
const wordIn = (value: unknown) => (typeof value === "string" && /^[a-z_]{1,30}$/i.test(value) ? value : "another");
