import { Stage } from "../stage.ts";
import type { ToxicType } from "./toxic-type.ts";

interface Attributes {
  readonly bytes: number;
}

/** Lets `bytes` bytes of each connection through and then closes it. The count goes on when the limit is changed. */
export const limitData: ToxicType<keyof Attributes> = {
  type: "limit_data",
  attributes: ["bytes"],
  createStage: (attributes) => new LimitDataStage(attributes),
};

class LimitDataStage extends Stage {
  readonly #attributes: Attributes;
  #sent = 0;

  constructor(attributes: Attributes) {
    super();
    this.#attributes = attributes;
  }

  protected override receive(chunk: Buffer, arrivedAt: number): void {
    const left = Math.max(0, this.#attributes.bytes - this.#sent);
    const passed = left < chunk.length ? chunk.subarray(0, left) : chunk;
    this.#sent += passed.length;
    if (passed.length > 0) this.next.write(passed, arrivedAt);
    if (this.#sent >= this.#attributes.bytes) this.close();
  }
}
