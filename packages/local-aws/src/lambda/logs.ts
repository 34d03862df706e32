import { EventEmitter } from "node:events";
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A line that a function, or Lambda on its behalf, wrote. */
export interface LogRecord {
  readonly function: string;
  readonly requestId: string | undefined;
  readonly line: string;
}

/** Lines that stay in memory; the file has all of them. */
const remembered = 10_000;

/** The functions' log groups: a file with one JSON record a line, and the latest lines in memory. */
export class Logs extends EventEmitter<{ line: [LogRecord] }> {
  readonly path: string;
  readonly #latest: LogRecord[] = [];
  readonly #file: WriteStream;

  /** @param path is written anew */
  constructor(path: string) {
    super();
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#file = createWriteStream(path);
  }

  /** The last lines, oldest first. */
  get latest(): readonly LogRecord[] {
    return this.#latest;
  }

  write(record: LogRecord): void {
    this.#latest.push(record);
    if (this.#latest.length > remembered) this.#latest.splice(0, remembered / 10);
    this.#file.write(`${JSON.stringify(record)}\n`);
    this.emit("line", record);
  }

  /** Everything that was written so far. */
  async text(): Promise<string> {
    await new Promise((resolve) => this.#file.write("", resolve));
    return readFile(this.path, "utf8");
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#file.end(resolve));
  }
}
