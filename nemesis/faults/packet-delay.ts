/**
 * All packets that a node sends leave late: options `target`, `delayMs` and `jitterMs` (0). By netem, which needs a
 * kernel that has it.
 */
import { z } from "zod";
import { names, number } from "../fault-options.ts";
import type { FaultKind } from "../fault.ts";
import { numberOption } from "../targets.ts";
import { assertVisible, disturb, judgeDelay } from "./netem.ts";

const DATAGRAMS = 20;

export const packetDelay = {
  kind: "packet-delay",
  options: z.strictObject({ target: names, delayMs: number, jitterMs: number.optional() }),
  needs: ["packets", "netem"],
  async prepare(context, options) {
    const delayMs = numberOption(options, "delayMs");
    const jitterMs = numberOption(options, "jitterMs", 0);
    if (jitterMs < 0) throw new TypeError(`the fault's option "jitterMs" must not be negative, and is ${jitterMs}`);
    const least = delayMs - jitterMs;
    assertVisible(least, `a delay of ${delayMs} ± ${jitterMs} ms`);
    return disturb(
      context,
      options,
      { kind: "delay", delayMs, jitterMs },
      `packets late by ${delayMs} ± ${jitterMs} ms`,
      { count: DATAGRAMS, delayMs: delayMs + jitterMs, judge: (arrivals) => judgeDelay(arrivals, least) },
    );
  },
} satisfies FaultKind;
