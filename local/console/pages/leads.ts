import { once } from "es-toolkit/function";
import { Hono } from "hono";
import { channelNames } from "../../../functions/notify/channels/index.ts";
import { type Place, places } from "../../journal/entry.ts";
import type { RowFilter } from "../../journal/journal.ts";
import { type ConsoleContext, environmentOf, type Page } from "../context.ts";
import { createLeadReader } from "../lead-details.ts";
import { live } from "../live.ts";
import type { LeadsView, PathView } from "../shapes/leads.ts";

/** Rows of a snapshot, which stays below 50 KB. */
const shown = 60;

function filterOf({ place, ...rest }: Readonly<Record<string, string>>): RowFilter {
  const known = places.find((one): one is Place => one === place);
  return { ...rest, ...(known && { place: known }) };
}

/** Where every lead is, and the path of one. */
export const leads: Page = {
  name: "leads",
  routes(context: ConsoleContext) {
    const { journal, platform } = context;
    const reader = once(() => createLeadReader(platform, environmentOf(context)));
    const view = (filter: RowFilter): LeadsView => {
      const { rows, total } = journal.rows(filter, shown);
      return { rows, total, counts: journal.counts, sources: journal.sources(), channels: channelNames };
    };
    const pathOf = (id: string): PathView | { readonly error: string } => {
      const followed = journal.followed(id);
      if (!followed) return { error: "The run knows no such lead, or not any more: it keeps the latest 10,000." };
      const { row, request } = followed;
      const entries = followed.entries.toSorted((a, b) => a.at - b.at);
      return { row, entries, ...(request && { request }) };
    };
    return new Hono()
      .get("/live", (c) => live(c, () => view(filterOf(c.req.query()))))
      .get("/:id/live", (c) => live(c, () => pathOf(c.req.param("id"))))
      .get("/:id", async (c) => {
        const followed = journal.followed(c.req.param("id"));
        return followed ? c.json(await reader()(followed)) : c.json(pathOf(c.req.param("id")), 404);
      });
  },
};
