/** Whoever an event belongs to. Events of a dead owner do not happen. */
export interface Owner {
  readonly dead: boolean;
}

interface Planned {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly action: () => void;
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
    const planned = { at: this.#now + Math.max(0, milliseconds), action, owner };
    this.#planned.splice(this.#placeOf(planned.at), 0, planned);
    return () => {
      const index = this.#planned.indexOf(planned);
      if (index >= 0) this.#planned.splice(index, 1);
    };
  }

  /**
   * Lets events happen until none is left.
   * @param limit number of events
   * @returns whether none is left
   */
  async run(limit: number): Promise<boolean> {
    await this.#settled();
    for (let count = 0; count < limit; count += 1) {
      const next = this.#planned.pop();
      if (!next) return true;
      if (next.owner?.dead) continue;
      this.#now = next.at;
      next.action();
      await this.#settled();
    }
    return false;
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

  /** Moves the clock forward while nothing is planned. */
  skip(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** The index of the first event that is not later. */
  #placeOf(at: number): number {
    let [low, high] = [0, this.#planned.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#planned[middle]?.at ?? at) > at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
