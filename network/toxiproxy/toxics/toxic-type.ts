import type { RandomSource } from "../random-source.ts";
import type { Stage } from "../stage.ts";

/** A kind of toxic: its name and attributes in the API, and what it does to one direction of one connection. */
export interface ToxicType<Attribute extends string = string> {
  readonly type: string;
  /** The names of the attributes in the API: whole numbers all, 0 where nothing is said. */
  readonly attributes: readonly Attribute[];
  /** Connections that are opened while such a toxic exists end with a reset instead of a close. */
  readonly resetsConnections?: true;
  /** @param attributes the toxic's own, which change when it is updated. */
  createStage(attributes: Readonly<Record<Attribute, number>>, random: RandomSource): Stage;
}
