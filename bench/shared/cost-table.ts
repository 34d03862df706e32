import { sum } from "es-toolkit/math";
import { type LeadsUsage, leadCost } from "../../cost/per-lead.ts";
import type { Service } from "../../cost/prices.ts";
import { printTable } from "./print-table.ts";

/** Prints what a million leads cost, computed from what a burst and single leads used. */
export function costTable(burst: LeadsUsage, single: LeadsUsage): void {
  const columns = [leadCost(burst), leadCost(single)];
  const row = (name: string, value: (column: Readonly<Record<string, number>>) => number) => [
    name,
    ...columns.map((column) => (value(column) * 1e6).toFixed(2)),
  ];
  const services = (Object.keys(leadCost(burst)) as Service[]).filter((service) =>
    columns.some((one) => one[service] > 0),
  );
  printTable(
    "A million leads (US$), as counted",
    ["service", `in bursts of ${burst.leads}`, "one at a time"],
    [
      ...services.map((service) => row(service, (column) => column[service] ?? 0)),
      row("all", (column) => sum(Object.values(column))),
    ],
  );
}
