import type { SourceRequest } from "../../../functions/sources/door.ts";

/** A POST request of a source. */
export const sourceRequest = (parts: Partial<SourceRequest> = {}): SourceRequest => ({
  method: "POST",
  path: "/crm",
  query: "",
  headers: {},
  body: Buffer.alloc(0),
  ...parts,
});
