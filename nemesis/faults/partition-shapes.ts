/**
 * The usual shapes of partitions, for options `shape` and `with` (names that stay on the first side; everybody else is on the other):
 * - `isolate-primary`: the primary is alone,
 * - `halves`: the first half of the nodes, rounded down, against the others.
 */
import type { FaultContext, FaultOptions } from "../fault.ts";
import { namesOption } from "../targets.ts";

export function groupsOfShape(context: FaultContext, options: FaultOptions): string[][] {
  const companions = options["with"] === undefined ? [] : namesOption(options, "with");
  const nodes = [...context.nodes.keys()];
  const { shape } = options;
  if (shape === "isolate-primary") return [["primary", ...companions], ["rest"]];
  if (shape === "halves") return [[...nodes.slice(0, Math.floor(nodes.length / 2)), ...companions], ["rest"]];
  throw new TypeError(`the fault's option "shape" must be isolate-primary or halves, not ${JSON.stringify(shape)}`);
}
