import type { Plan } from "../../simulator/plan.ts";
import type { compilePrograms } from "../../simulator/program.ts";
import { simulate } from "../../simulator/simulate.ts";

/** What happens in a plan, in order. */
export async function eventsOf(plan: Plan, programs: Awaited<ReturnType<typeof compilePrograms>>): Promise<string[]> {
  const events: string[] = [];
  await simulate(plan, { programs, trace: (line) => events.push(line) });
  return events;
}
