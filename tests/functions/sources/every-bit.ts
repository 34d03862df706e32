import type { SourceRequest } from "../../../functions/sources/door.ts";

/** The bytes with one of their bits turned over, for every bit of a part of them. */
function* withOneBitChanged(bytes: Buffer, from = 0, to = bytes.length): Generator<Buffer> {
  for (let bit = from * 8; bit < to * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    yield changed;
  }
}

/** What a proof covers of a request. */
export interface Covered {
  /** Names of headers, in lower case. @default none */
  readonly headers?: readonly string[];
  /** @default ["body"] */
  readonly parts?: readonly ("body" | "method" | "path" | "query")[];
  /** The only text of the body that is covered. @default all of the body */
  readonly textInBody?: string;
}

/** The request with one bit changed, for every bit of what its proof covers, and without each of the headers. */
function* changes(request: SourceRequest, { headers = [], parts = ["body"], textInBody }: Covered) {
  const withHeader = (name: string, text: string | undefined): SourceRequest => ({
    ...request,
    headers: { ...request.headers, [name]: text },
  });
  for (const name of headers) {
    const value = Buffer.from(request.headers[name] ?? "", "latin1");
    for (const bytes of withOneBitChanged(value)) yield [name, withHeader(name, bytes.toString("latin1"))] as const;
    for (const text of ["", undefined]) yield [name, withHeader(name, text)] as const;
  }
  for (const part of parts) {
    const value = Buffer.from(request[part]);
    const covered = Buffer.from(part === "body" && textInBody !== undefined ? textInBody : value);
    const from = value.indexOf(covered);
    for (const bytes of withOneBitChanged(value, from, from + covered.length)) {
      yield [part, { ...request, [part]: part === "body" ? bytes : bytes.toString("latin1") }] as const;
    }
  }
}

/**
 * Tries a proven request with one bit changed, for every bit of what its proof covers, and without each of the headers.
 * @param accepts whether the door accepts a request
 * @returns where a change was accepted and which one, such as `body 17`; empty for a sound proof
 */
export function acceptedChanges(
  request: SourceRequest,
  covered: Covered,
  accepts: (request: SourceRequest) => boolean,
): string[] {
  const accepted: string[] = [];
  const tried: Record<string, number> = {};
  for (const [place, changed] of changes(request, covered)) {
    const index = tried[place] ?? 0;
    tried[place] = index + 1;
    if (accepts(changed)) accepted.push(`${place} ${index}`);
  }
  return accepted;
}

/** Whether a check ends without an error of one of some classes. @throws any other error */
export function passes(check: () => void, ...refusals: readonly (new (...given: never[]) => Error)[]): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (refusals.some((refusal) => error instanceof refusal)) return false;
    throw error;
  }
}
