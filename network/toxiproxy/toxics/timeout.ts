import { DeadlineTimer } from "../deadline-timer.ts";
import { Stage } from "../stage.ts";
import type { ToxicType } from "./toxic-type.ts";

interface Attributes {
  /** Milliseconds without data after which the connection is closed; 0 means never. */
  readonly timeout: number;
}

/**
 * Reads and drops everything; closes after `timeout` milliseconds of silence. Its removal closes every connection, as
 * both ends could not agree any more on what was sent.
 */
export const timeout: ToxicType<keyof Attributes> = {
  type: "timeout",
  attributes: ["timeout"],
  createStage: (attributes) => new TimeoutStage(attributes),
};

class TimeoutStage extends Stage {
  readonly #attributes: Attributes;
  readonly #timer = new DeadlineTimer(() => this.close());

  constructor(attributes: Attributes) {
    super();
    this.#attributes = attributes;
  }

  protected override receive(): void {
    this.#restartClock();
  }

  protected override receiveEnd(): void {
    this.#timer.clear();
    this.close();
  }

  protected override get saturated(): boolean {
    return false;
  }

  protected override activated(): void {
    this.#restartClock();
  }

  protected override updated(): void {
    this.#restartClock();
  }

  protected override release(): void {
    this.#timer.clear();
  }

  /** Connections that the toxicity spared are closed as well: the original does so. */
  override remove(): void {
    this.#timer.clear();
    this.close();
  }

  override stop(): void {
    this.#timer.clear();
  }

  #restartClock(): void {
    if (this.#attributes.timeout > 0) this.#timer.set(performance.now() + this.#attributes.timeout);
    else this.#timer.clear();
  }
}
