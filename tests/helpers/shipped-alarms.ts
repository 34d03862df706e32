import { channelsOf, type Environment } from "../../environments/environment.ts";
import { type EnvironmentName, environments } from "../../environments/index.ts";
import type { Alarm } from "../../stacks/alarm-kinds.ts";
import { alarmsOf } from "../../stacks/alarms.ts";
import { consumers } from "../../stacks/consumers/index.ts";

/** Alarms of a shipped environment: those of the stages, then those of the consumers that it has. */
export function shippedAlarms(name: EnvironmentName): readonly Alarm[] {
  const environment: Environment = environments[name];
  const ofConsumers = Object.keys({ ...environment.consumers }).flatMap(
    (consumer) => consumers[consumer]?.alarms ?? [],
  );
  return [...alarmsOf(channelsOf(environment), environment.alarmAfterHoursWithoutLeads), ...ofConsumers];
}
