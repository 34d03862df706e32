import type { SourceRequest } from "../../../functions/sources/door.ts";

/** The bytes with one of their bits turned over, for every bit. */
function* withOneBitChanged(bytes: Buffer): Generator<Buffer> {
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    yield changed;
  }
}

/** What a proof covers of a request. */
export interface Covered {
  /** Names of headers, in lower case. */
  readonly headers: readonly string[];
  /** @default ["body"] */
  readonly parts?: readonly ("body" | "method" | "path" | "query")[];
}

/**
 * Tries a proven request with one bit changed, for every bit of what its proof covers, and without each of the headers.
 * @param accepts whether the door accepts a request
 * @returns where a change was accepted, such as `body 17`; empty for a sound proof
 */
export function acceptedChanges(
  request: SourceRequest,
  { headers, parts = ["body"] }: Covered,
  accepts: (request: SourceRequest) => boolean,
): string[] {
  const changes = [
    ...headers.flatMap((name) => {
      const value = Buffer.from(request.headers[name] ?? "", "latin1");
      const texts = [...[...withOneBitChanged(value)].map((bytes) => bytes.toString("latin1")), "", undefined];
      return texts.map((text, bit) => [`${name} ${bit}`, { headers: { ...request.headers, [name]: text } }] as const);
    }),
    ...parts.flatMap((part) =>
      [...withOneBitChanged(Buffer.from(request[part]))].map(
        (bytes, bit) => [`${part} ${bit}`, { [part]: part === "body" ? bytes : bytes.toString("latin1") }] as const,
      ),
    ),
  ];
  return changes.filter(([, change]) => accepts({ ...request, ...change })).map(([place]) => place);
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
