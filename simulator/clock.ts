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
  /** Which event this is, in the order of planning. */
  readonly number: number;
}

const isBefore = (one: Planned, other: Planned) =>
  one.at < other.at || (one.at === other.at && one.number < other.number);

/** Planned events as a binary heap, which stays quick with a hundred thousand of them. */
class Agenda {
  readonly #heap: Planned[] = [];

  add(planned: Planned): void {
    let index = this.#heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#heap[parent];
      if (!above || !isBefore(planned, above)) break;
      this.#heap[index] = above;
      index = parent;
    }
    this.#heap[index] = planned;
  }

  /** Takes the next event out. */
  take(): Planned | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (!last || last === first) return first;
    let index = 0;
    for (;;) {
      const [left, right] = [this.#heap[2 * index + 1], this.#heap[2 * index + 2]];
      const below = left && right && isBefore(right, left) ? right : left;
      if (!below || !isBefore(below, last)) break;
      this.#heap[index] = below;
      index = 2 * index + (below === left ? 1 : 2);
    }
    this.#heap[index] = last;
    return first;
  }
}

/**
 * The simulation's clock. Time stands still while code runs, and jumps to the next planned event when nothing is left to run.
 * Events of the same millisecond happen in the order in which they were planned.
 */
export class Clock {
  readonly #agenda = new Agenda();
  #planned = 0;
  #now: number;
  #held = 0;

  /** @param start epoch milliseconds */
  constructor(start: number) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  /** Plans an event. @returns a function that cancels it */
  after(milliseconds: number, action: () => void, owner?: Owner): () => void {
    this.#planned += 1;
    const planned: Planned = { at: this.#now + Math.max(0, milliseconds), action, owner, number: this.#planned };
    this.#agenda.add(planned);
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
    await this.#settled();
    for (let count = 0; count < limit; count += 1) {
      const next = this.#agenda.take();
      if (!next) return true;
      if (!next.action || next.owner?.dead) continue;
      this.#now = next.at;
      next.action();
      await this.#settled();
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
