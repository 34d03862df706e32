import "./numbers.css";
import type * as Plot from "@observablehq/plot";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Comparison, Figures, Moment, NumbersView } from "../../shapes/numbers.ts";
import { ask, useLive } from "../live.tsx";
import { Action, duration, Empty, Facts, Section, Shown, Table } from "../ui.tsx";

interface ChartProps {
  readonly title: string;
  /** What is drawn. It is drawn anew for another array. */
  readonly rows: readonly unknown[];
  readonly options: (plot: typeof Plot) => Plot.PlotOptions;
}

/** A plot. Its library is loaded with the first one. */
function Chart({ title, rows, options }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const draw = async () => {
      const plot = await import("@observablehq/plot");
      const width = host.current?.clientWidth ?? 0;
      const size = { width, height: 220, marginLeft: 50, marginBottom: 40 };
      if (width > 0) host.current?.replaceChildren(plot.plot({ ...size, ...options(plot) }));
    };
    // Each plot is a task of its own, so that the page stays quick.
    const drawing = setTimeout(draw);
    return () => clearTimeout(drawing);
  }, [rows]);
  return (
    <Section title={title}>
      {rows.length === 0 ? (
        <Empty>Nothing yet.</Empty>
      ) : (
        <div class="plot" role="img" aria-label={title}>
          <div ref={host} aria-hidden="true" />
        </div>
      )}
    </Section>
  );
}

const time = { type: "time", label: null, tickFormat: "%H:%M:%S" } as const;
const color = { legend: true, range: ["var(--accent)", "var(--warn)", "var(--good)", "var(--bad)"] } as const;
const fill = "var(--accent)";
/** Borders of bars on a logarithmic scale, from 10 milliseconds to three hours. */
const thresholds = Array.from({ length: 61 }, (_, index) => 10 ** (index / 10 - 2));

/** Leads a second since the moment before. */
function rates(moments: readonly Moment[], of: "accepted" | "announced") {
  return moments.map((moment, index) => {
    const before = moments[index - 1] ?? moment;
    const seconds = Math.max(1, moment.at - before.at) / 1000;
    return { x: new Date(moment.at), y: (moment[of] - before[of]) / seconds, of };
  });
}

/** How long leads took, how many there were, and where they waited. */
function Charts({ announcements, moments, queues }: NumbersView) {
  const leads = announcements.map(([at, milliseconds]) => ({ x: new Date(at), y: milliseconds / 1000 }));
  const flows = [...rates(moments, "accepted"), ...rates(moments, "announced")];
  const depths = queues.flatMap((of, index) =>
    moments.map(({ at, depths }) => ({ x: new Date(at), y: depths[index] ?? 0, of })),
  );
  const seconds = { type: "log", label: "seconds", tickFormat: ",", ticks: 5, grid: true } as const;
  const domain = [0.1, Math.max(10, ...leads.map(({ y }) => y * 1.2))];
  const lines = (rows: readonly { y: number }[], label: string, curve: Plot.Curve) => (plot: typeof Plot) => ({
    x: time,
    y: { label, grid: true, domain: [0, Math.max(1, ...rows.map(({ y }) => y))] },
    color,
    marks: [plot.lineY(rows, { x: "x", y: "y", stroke: "of", curve })],
  });
  return (
    <div class="charts">
      <Chart
        title="Seconds from request to announcement"
        rows={leads}
        options={(plot) => ({
          x: { ...seconds, domain },
          y: { label: "leads", grid: true },
          marks: [plot.rectY(leads, plot.binX<Plot.RectYOptions>({ y: "count" }, { x: "y", thresholds, fill }))],
        })}
      />
      <Chart
        title="Seconds from request to announcement, over time"
        rows={leads}
        options={(plot) => ({
          x: { ...time, domain: [moments[0]?.at ?? 0, Date.now()] },
          y: { ...seconds, domain },
          marks: [plot.dot(leads, { x: "x", y: "y", r: 2, stroke: fill })],
        })}
      />
      <Chart title="Leads a second" rows={flows} options={lines(flows, "leads a second", "step-before")} />
      <Chart title="Messages in queues" rows={depths} options={lines(depths, "messages", "step-after")} />
    </div>
  );
}

const dollars = (amount: number) => `$${amount.toFixed(amount < 0.01 ? 6 : 4)}`;
const took = (seconds: number) => duration(seconds * 1000);
const columns: readonly (readonly [string, (figures: Figures) => string])[] = [
  ["half within", ({ p50 }) => took(p50)],
  ["95 % within", ({ p95 }) => took(p95)],
  ["99 % within", ({ p99 }) => took(p99)],
  ["longest", ({ longest }) => took(longest)],
  ["US$ for 1,000 leads", (figures) => dollars(figures.dollars)],
];

/** This run, and what was simulated when somebody asked for it. */
function Latencies({ figures }: Pick<NumbersView, "figures">) {
  const [simulated, setSimulated] = useState<Comparison>();
  const simulate = () => ask<Comparison>("/api/numbers/compare", {}).then(setSimulated);
  const rows = [
    ["this run", figures],
    [`simulated on AWS, ${simulated?.leads} leads at once`, simulated?.now],
    [`simulated with the settings of the replaced system, ${simulated?.leads} leads at once`, simulated?.replaced],
  ] as const;
  return (
    <Section title="From request to announcement">
      <p>
        The system that Leadwire replaced collected messages for five minutes at each of two steps. The simulator
        computes what as many leads as came here, 10 to 1,000, take with those settings, and with the settings of this
        environment on AWS. What costs the same each month, such as alarms, is not counted.
      </p>
      <Table label="From request to announcement" columns={["", ...columns.map(([name]) => name)]}>
        {rows.map(
          ([name, figures]) =>
            figures && (
              <tr key={name}>
                <th scope="row">{name}</th>
                {columns.map(([column, of]) => (
                  <td key={column}>{of(figures)}</td>
                ))}
              </tr>
            ),
        )}
      </Table>
      <Action act={simulate}>Simulate the replaced system</Action>
    </Section>
  );
}

/** The run in numbers. */
export const Numbers = () => (
  <Shown loaded={useLive<NumbersView>("/api/numbers/live")}>
    {(view) => (
      <>
        <Latencies {...view} />
        <Charts {...view} />
        <Section title="Cost so far">
          <p>What AWS would bill for the calls, invocations and log lines of this run, at the prices of us-east-1.</p>
          <Facts
            facts={[...view.costs, ["all", view.costs.reduce((all, [, one]) => all + one, 0)] as const].map(
              ([service, amount]) => [service, dollars(amount)],
            )}
          />
        </Section>
      </>
    )}
  </Shown>
);
