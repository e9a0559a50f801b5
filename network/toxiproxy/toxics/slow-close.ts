import { DeadlineTimer } from "../deadline-timer.ts";
import { Stage } from "../stage.ts";
import type { ToxicType } from "./toxic-type.ts";

interface Attributes {
  /** Milliseconds. */
  readonly delay: number;
}

/** Data passes untouched; the end of the stream comes `delay` milliseconds late. */
export const slowClose: ToxicType<keyof Attributes> = {
  type: "slow_close",
  attributes: ["delay"],
  createStage: (attributes) => new SlowCloseStage(attributes),
};

class SlowCloseStage extends Stage {
  readonly #attributes: Attributes;
  readonly #timer = new DeadlineTimer(() => this.close());

  constructor(attributes: Attributes) {
    super();
    this.#attributes = attributes;
  }

  protected override receiveEnd(): void {
    this.#timer.set(performance.now() + this.#attributes.delay);
  }

  protected override updated(): void {
    if (this.inputEnded) this.receiveEnd();
  }

  protected override release(): void {
    this.#timer.clear();
    if (this.inputEnded) this.close();
  }

  override stop(): void {
    this.#timer.clear();
  }
}
