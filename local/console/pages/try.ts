import { Hono } from "hono";
import type { SourceDeclaration } from "../../../functions/sources/declaration.ts";
import { sourceFormats } from "../../../functions/sources/index.ts";
import { cardOf, fieldsOf } from "../../../try/report.ts";
import { type TriedLead, tryPayload } from "../../../try/try-payload.ts";
import { type ConsoleContext, environmentOf, type Page } from "../context.ts";
import type { SentView, TriedView } from "../shapes/try.ts";

const view = ({ lead, ...tried }: TriedLead): TriedView => ({
  ...tried,
  fields: lead ? fieldsOf(lead) : [],
  ...(lead && { card: cardOf(lead) }),
});

/** A JSON payload in lines that people can edit; anything else as it is. */
function readable(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}

/** What fetches the record that an event of the source names, as enrich does. */
function recordOf({ platform: { sources, apis } }: ConsoleContext, name: string | undefined) {
  const [source, api] = [sources.get(name ?? ""), apis.get(name ?? "")];
  if (!source || !api) return undefined;
  const { secrets } = source;
  const settings = { ...source.settings, apiUrl: api.url };
  const { fetch }: SourceDeclaration = sourceFormats[source.format];
  return async (event: Readonly<Record<string, unknown>>): Promise<Uint8Array> => {
    const loaded = await fetch?.load();
    return Buffer.from(
      (await loaded?.fetchRecord(event, { secrets, settings, signal: AbortSignal.timeout(3000) })) ?? "",
    );
  };
}

/** What would become of a payload. @param source without one, the payload is read as a file in the bucket */
export function triedPayload(context: ConsoleContext, payload: string, source?: string): Promise<readonly TriedLead[]> {
  return tryPayload(Buffer.from(payload), {
    environment: environmentOf(context),
    source,
    record: recordOf(context, source),
  });
}

/** What would be announced of a payload, and sending it as a source does. */
export const tryPage: Page = {
  name: "try",
  routes(context) {
    const { crm } = context.platform;
    return new Hono()
      .get("/example/:source", (c) => c.json({ payload: readable(crm.example(c.req.param("source"))) }))
      .post("/read", async (c) => {
        const { payload, source } = await c.req.json<{ payload: string; source?: string }>();
        return c.json((await triedPayload(context, payload, source)).map(view));
      })
      .post("/send", async (c) => {
        const { payload, source } = await c.req.json<{ payload: string; source: string }>();
        const { status, body, leadIds } = await crm.send(crm.sign(source, payload), source, [], 1);
        return c.json({ status, body, leadIds } satisfies SentView);
      });
  },
};
