/**
 * Impairs the flows between named parties: option `from` (names), `to` (names), `how`, and `direction`:
 * `both` (the default), `forth` (only what `from` sends), or `back` (only what `to` sends).
 */
import type { Flow } from "../../network/link.ts";
import type { FaultKind } from "../fault.ts";
import { namesOption, resolveNames } from "../targets.ts";
import { impairFlows, impairmentOf } from "./impair.ts";

export const link: FaultKind = {
  kind: "link",
  async prepare(context, options) {
    const from = await resolveNames(context, namesOption(options, "from"));
    const to = await resolveNames(context, namesOption(options, "to"));
    const direction = options["direction"] ?? "both";
    if (direction !== "both" && direction !== "forth" && direction !== "back") {
      throw new TypeError(
        `the fault's option "direction" must be both, forth or back, not ${JSON.stringify(direction)}`,
      );
    }
    const impairment = impairmentOf(options);
    const flows: Flow[] = from.flatMap((source) =>
      to.flatMap((target) => [
        ...(direction === "back" ? [] : [{ from: source, to: target }]),
        ...(direction === "forth" ? [] : [{ from: target, to: source }]),
      ]),
    );
    const arrow = { both: "⇄", forth: "→", back: "←" }[direction];
    return impairFlows(context, flows, impairment, {
      target: [...new Set([...from, ...to])],
      title: `${impairment.kind} ${from.join(", ")} ${arrow} ${to.join(", ")}`,
    });
  },
};
