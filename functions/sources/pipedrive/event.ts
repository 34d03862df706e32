import { isPlainObject } from "es-toolkit/predicate";
import type { RawLead } from "../../lead/raw-lead.ts";

type Part = Readonly<Record<string, unknown>>;

const partOf = (value: unknown): Part => (isPlainObject(value) ? value : {});

/** The parts of an event: version 1 has `current` and `object` where version 2 has `data` and `entity`. */
export function pipedriveEvent(event: RawLead) {
  const meta = partOf(event.meta);
  return { meta, entity: meta.entity ?? meta.object, data: partOf(event.data ?? event.current) };
}

/** Whether an event is of a lead, which holds the ids of its person and organization. A person's event is complete. */
export const isPipedriveLead = (event: RawLead): boolean => pipedriveEvent(event).entity === "lead";
