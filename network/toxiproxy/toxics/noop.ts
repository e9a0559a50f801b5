import { Stage } from "../stage.ts";
import type { ToxicType } from "./toxic-type.ts";

/** Does nothing. */
export const noop: ToxicType<never> = {
  type: "noop",
  attributes: [],
  createStage: () => new Stage(),
};
