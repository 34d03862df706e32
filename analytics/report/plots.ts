import * as Plot from "@observablehq/plot";
import type { Cell } from "../database.ts";

/** A row of a named query by its columns. Its name is made of its texts. */
type Row = Readonly<Record<string, Cell>> & { readonly name: string };

/** Names at the left. Long ones are cut; the table has them whole. */
const names = { label: null, tickSize: 0, lineWidth: 16, textOverflow: "ellipsis-middle" } as const;
const fill = "var(--blue)";

/** A line for each row. */
const lines = (rows: readonly Row[], marks: Plot.Markish[]): Plot.PlotOptions => ({
  height: rows.length * 24 + 70,
  y: { type: "band", domain: rows.map(({ name }) => name) },
  marks: [Plot.axisY(names), marks],
});

/** Bars of leads, of which a part has the full colour. The figures are behind them. */
const bars = (rows: readonly Row[], part = "leads"): Plot.PlotOptions => ({
  ...lines(rows, [
    Plot.barX(rows, { x: "leads", y: "name", fill: "var(--pale)" }),
    Plot.barX(rows, { x: part, y: "name", fill }),
    Plot.text(rows, { x: "leads", y: "name", text: figures(part), textAnchor: "start", dx: 6 }),
  ]),
  x: { axis: null },
});
/** The part and the leads: "12 of 40". */
const figures = (part: string) => (part === "leads" ? part : (row: Row) => `${row[part]} of ${row.leads}`);

const day = 86_400_000;

/** A plot for each source below the other. It shows two weeks or more, because the bar of a single day would fill it. */
function byDay(rows: readonly Row[]): Plot.PlotOptions {
  const x1 = (row: Row) => Date.parse(String(row.day));
  const end = Math.max(...rows.map(x1)) + day;
  return {
    height: new Set(rows.map(({ source }) => source)).size * 56 + 70,
    x: { type: "utc", domain: [Math.min(...rows.map(x1), end - 14 * day), end] },
    fy: { padding: 0.3 },
    marks: [
      Plot.axisFy({ ...names, anchor: "left" }),
      Plot.axisY({ ticks: 2, tickFormat: (value) => (Number.isInteger(value) ? value : ""), anchor: "right" }),
      Plot.rectY(rows, { x1, x2: (row) => x1(row) + day, y: "leads", fy: "source", fill }),
      Plot.ruleY([0]),
    ],
  };
}

/** A line for each source and week, with a mark for each percentile. Marks differ in shape and colour. */
const seconds = (rows: readonly Row[]): Plot.PlotOptions => ({
  ...lines(rows, [
    Plot.gridX(),
    Plot.ruleY(rows, { x1: "p50", x2: "p99", y: "name", strokeOpacity: 0.4 }),
    ["p50", "p95", "p99"].map((x) => Plot.dot(rows, { x, y: "name", stroke: () => x, symbol: () => x })),
  ]),
  x: { type: "log", nice: true, ticks: 6, tickFormat: ",", label: "seconds, logarithmic" },
  color: { range: [fill, "var(--orange)", "var(--pink)"] },
  symbol: { range: ["circle", "square", "triangle"], legend: true },
});

const scores = (rows: readonly Row[]): Plot.PlotOptions => ({
  x: { domain: [0, 110], ticks: [0, 20, 40, 60, 80, 100], label: "score" },
  y: { axis: null, insetTop: 20 },
  marks: [
    Plot.rectY(rows, { x1: "score_from", x2: (row) => row.score_from + 10, y: "leads", fill }),
    Plot.text(rows, { x: (row) => row.score_from + 5, y: "leads", text: "leads", dy: -8 }),
  ],
});

/** Plots by their named queries, in the page's order. Each gets at least one row. */
export const plots: Readonly<Record<string, (rows: readonly Row[]) => Plot.PlotOptions>> = {
  "leads-by-source-and-day": byDay,
  "seconds-to-announcement": seconds,
  scores,
  channels: (rows) => bars(rows),
  "dead-letters": (rows) => bars(rows),
  "people-seen-again": (rows) => bars(rows, "seen_again"),
};
