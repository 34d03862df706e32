import { withoutPersonal } from "./columns.ts";
import { type Table, tables } from "./tables.ts";
import { type View, views } from "./views.ts";

/** The tables and views of a catalog. */
export interface Catalog {
  readonly tables: readonly Table[];
  readonly views: readonly View[];
}

/**
 * The catalog that shows everything, or one that has no column with personal data: its tables do not name them, and the view
 * `leads` is the one without personal data. Named queries work with both.
 */
export function catalogOf(personalData: boolean): Catalog {
  if (personalData) return { tables, views };
  const rest = views.find(({ name }) => name === "leads_without_personal_data");
  return {
    tables: tables.map((table) => ({ ...table, columns: withoutPersonal(table.columns) })),
    views: views.map((view) => (view.name === "leads" && rest ? { ...rest, name: "leads" } : view)),
  };
}
