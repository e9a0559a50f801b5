import { DeadlineTimer } from "../deadline-timer.ts";
import { Stage } from "../stage.ts";
import type { ToxicType } from "./toxic-type.ts";

interface Attributes {
  /** Milliseconds from the first data to the close. */
  readonly timeout: number;
}

/**
 * The first data (or the end of the stream) closes the connection, `timeout` milliseconds later: with a reset when the
 * connection was opened while the toxic existed.
 */
export const resetPeer: ToxicType<keyof Attributes> = {
  type: "reset_peer",
  attributes: ["timeout"],
  resetsConnections: true,
  createStage: (attributes) => new ResetPeerStage(attributes),
};

class ResetPeerStage extends Stage {
  readonly #attributes: Attributes;
  readonly #timer = new DeadlineTimer(() => this.close());
  #triggered = false;

  constructor(attributes: Attributes) {
    super();
    this.#attributes = attributes;
  }

  protected override receive(): void {
    this.#trigger();
  }

  protected override receiveEnd(): void {
    this.#trigger();
  }

  protected override get saturated(): boolean {
    return false;
  }

  /** Bytes have been dropped, so a triggered connection cannot go on; it closes now rather than later. */
  protected override release(): void {
    if (!this.#triggered) return;
    this.#timer.clear();
    this.close();
  }

  override stop(): void {
    this.#timer.clear();
  }

  #trigger(): void {
    if (this.#triggered) return;
    this.#triggered = true;
    if (this.#attributes.timeout > 0) this.#timer.set(performance.now() + this.#attributes.timeout);
    else this.close();
  }
}
