import cliTruncate from "cli-truncate";

/** Where a program writes: standard output. */
interface Output extends Pick<NodeJS.WriteStream, "columns" | "isTTY"> {
  write(text: string): unknown;
}

const clearLine = "\r\x1b[2K";

/** Lines, and on a terminal one status line below them, which is changed in its place. */
export class Screen {
  readonly #output: Output;
  #status = "";

  constructor(output: Output) {
    this.#output = output;
  }

  /** One without a terminal, whose lines somebody else prints. */
  static of(print: (line: string) => void): Screen {
    return new Screen({ isTTY: false, columns: 80, write: (text) => print(text.slice(0, -1)) });
  }

  /** Some terminals do not say how wide they are. */
  get #columns(): number {
    return this.#output.columns || 80;
  }

  /** Prints a text of one line or more above the status line. */
  readonly print = (text: string): void => {
    const begin = this.#status === "" ? "" : clearLine;
    this.#output.write(`${begin}${text}\n${this.#status}`);
  };

  /** Prints one line. On a terminal it is cut at the last column; Chinese and Japanese characters have two. */
  readonly printCut = (line: string): void => this.print(this.#output.isTTY ? cliTruncate(line, this.#columns) : line);

  /** Shows another status line, cut so that it stays one line. Empty ends it. Does nothing where there is no terminal. */
  readonly show = (status: string): void => {
    if (!this.#output.isTTY) return;
    const cut = cliTruncate(status, this.#columns - 1);
    if (cut === this.#status) return;
    this.#output.write(`${clearLine}${cut}`);
    this.#status = cut;
  };
}
