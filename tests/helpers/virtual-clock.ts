import * as assert from "uvu/assert";

/** Time that goes on when everybody waits for it. */
export class VirtualClock {
  /** Epoch milliseconds. */
  now: number;
  readonly #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  constructor(now = 0) {
    this.now = now;
  }

  sleepUntil = async (until: number): Promise<void> => {
    if (until > this.now) await new Promise<void>((wake) => this.#sleepers.push({ until, wake }));
  };

  sleep = (milliseconds: number): Promise<void> => this.sleepUntil(this.now + milliseconds);

  /** Lets time go on until the work is done. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    void work
      .finally(() => {
        isDone = true;
      })
      .catch(() => {});
    for (;;) {
      await new Promise(setImmediate);
      if (isDone) return work;
      this.#sleepers.sort((a, b) => a.until - b.until);
      const next = this.#sleepers.shift();
      assert.ok(next, "somebody waits for something else than time");
      this.now = Math.max(this.now, next.until);
      next.wake();
    }
  }
}
