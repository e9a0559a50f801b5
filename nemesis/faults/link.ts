/**
 * Impairs the flows between named parties: option `from` (names), `to` (names), `how` with its figures, and
 * `direction`: `both` (the default), `forth` (only what `from` sends), or `back` (only what `to` sends).
 */
import { z } from "zod";
import { names } from "../fault-options.ts";
import type { FaultKind } from "../fault.ts";
import { namesOption, resolveTargets } from "../targets.ts";
import { impairFlows } from "./impair.ts";
import {
  arrowOf,
  DIRECTIONS,
  directionOf,
  FIGURES,
  flowsBetween,
  IMPAIRMENTS,
  impairmentOf,
} from "./impairment-options.ts";

export const link = {
  kind: "link",
  options: z.strictObject({
    from: names,
    to: names,
    how: z.enum(IMPAIRMENTS),
    direction: z.enum(DIRECTIONS).optional(),
    ...FIGURES,
  }),
  async prepare(context, options) {
    const from = await resolveTargets(context, namesOption(options, "from"), options);
    const to = await resolveTargets(context, namesOption(options, "to"), options);
    const impairment = impairmentOf(options);
    const direction = directionOf(options, impairment);
    const flows = flowsBetween(from, to, direction);
    return impairFlows(context, flows, impairment, {
      target: [...new Set([...from, ...to])],
      title: `${impairment.kind} ${from.join(", ")} ${arrowOf(direction)} ${to.join(", ")}`,
    });
  },
} satisfies FaultKind;
