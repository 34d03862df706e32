/** Whoever an event belongs to. Events of a dead owner do not happen. */
interface Owner {
  readonly dead: boolean;
}

interface Planned {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Undefined after it was cancelled. */
  action: (() => void) | undefined;
  readonly owner: Owner | undefined;
}

/**
 * The simulation's clock. Time stands still while code runs, and jumps to the next planned event when nothing is left to run.
 * Events of the same millisecond happen in the order in which they were planned.
 */
export class Clock {
  /** The latest first, so that the next one is taken from the end. */
  readonly #planned: Planned[] = [];
  #now: number;
  #held = 0;

  /** @param start epoch milliseconds */
  constructor(start: number) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  /** Plans an event. @returns a function that cancels it */
  after(milliseconds: number, action: () => void, owner?: Owner): () => void {
    const planned: Planned = { at: this.#now + Math.max(0, milliseconds), action, owner };
    this.#planned.splice(this.#planned.findLastIndex(({ at }) => at > planned.at) + 1, 0, planned);
    return () => {
      planned.action = undefined;
    };
  }

  /**
   * Lets events happen until none is left.
   * @param limit number of events
   * @returns whether none is left
   */
  async run(limit: number): Promise<boolean> {
    for (let count = 0; count < limit; count += 1) {
      await this.#settled();
      const next = this.#planned.pop();
      if (!next) return true;
      if (!next.action || next.owner?.dead) continue;
      this.#now = next.at;
      next.action();
    }
    return false;
  }

  /** Moves the clock forward while nothing is planned. */
  skip(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Waits for work that is not simulated, such as reading a stream: no event happens before it has ended. */
  async hold<T>(work: Promise<T>): Promise<T> {
    this.#held += 1;
    try {
      return await work;
    } finally {
      this.#held -= 1;
    }
  }

  /** Resolves when all promises that can go on without the clock have done so. */
  async #settled(): Promise<void> {
    do await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#held > 0);
  }
}
