/** Lets testcontainers wait for a condition of our own, with a time limit of its own. */
import type { WaitStrategy } from "testcontainers";

export class ReadyStrategy implements WaitStrategy {
  readonly #ready: (containerId: string) => Promise<void>;

  constructor(ready: (containerId: string) => Promise<void>) {
    this.#ready = ready;
  }

  waitUntilReady({ id }: { readonly id: string }): Promise<void> {
    return this.#ready(id);
  }

  withStartupTimeout(): this {
    return this;
  }

  isStartupTimeoutSet(): boolean {
    return false;
  }

  /** Not used: the wait has a time limit of its own. */
  getStartupTimeout(): number {
    return 0;
  }
}
