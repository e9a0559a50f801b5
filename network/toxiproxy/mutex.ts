/** Runs tasks one at a time, in the order in which they were given. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task);
    // A task that failed has told its own caller; the next one starts all the same.
    this.#last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}
