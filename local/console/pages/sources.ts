import { Hono } from "hono";
import { quoted } from "../../terminal/text.ts";
import type { ConsoleContext, Page } from "../context.ts";
import type { SourceView } from "../shapes/sources.ts";

function views({ platform: { crm, desk, endpoint, sources } }: ConsoleContext): SourceView[] {
  return [...sources].map(([name, { format }]) => ({
    name,
    format,
    endpoint: `${endpoint}/${name}`,
    curl: `curl -s ${desk.url}/crm/${name} -d ${quoted(crm.example(name))}`,
  }));
}

/** The environment's sources, and how to send something as each. */
export const sources: Page = {
  name: "sources",
  routes: (context) => new Hono().get("/", (c) => c.json(views(context))),
};
