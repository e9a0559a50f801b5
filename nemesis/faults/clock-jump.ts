/**
 * The wall clock of one node or one worker jumps by `offsetMs`; monotonic clocks, and everybody else's, stay as they
 * are.
 */
import { z } from "zod";
import { names, number } from "../fault-options.ts";
import { readWithin, resolveClock, signed } from "../clock.ts";
import type { FaultKind } from "../fault.ts";
import { numberOption } from "../targets.ts";

/** How far a measured jump may be from the planned one. */
const TOLERANCE_MS = 250;
/** An answer that leaves more open is asked for again: the machine is busy. */
const CLEAR_MS = 100;

export const clockJump = {
  kind: "clock-jump",
  options: z.strictObject({ target: names, offsetMs: number }),
  needs: ["shim"],
  async prepare(context, options) {
    const clock = await resolveClock(context, options);
    const offsetMs = numberOption(options, "offsetMs");
    const probe = async (wantedMs: number): Promise<{ ok: boolean; saw: string }> => {
      const measured = await readWithin(clock, CLEAR_MS);
      return {
        ok: Math.abs(measured.offsetMs - wantedMs) <= TOLERANCE_MS,
        saw: `the clock of ${clock.name} is ${Math.round(measured.offsetMs)} ms ahead of this machine's`,
      };
    };
    return {
      target: [clock.name],
      title: `clock of ${clock.name} ${signed(offsetMs, "ms")}`,
      detail: { offsetMs },
      inject: () => Promise.resolve(clock.set({ offsetMs, ratePpm: 0 })),
      probe: () => probe(offsetMs),
      heal: () => Promise.resolve(clock.set({ offsetMs: 0, ratePpm: 0 })),
      probeHealed: () => probe(0),
    };
  },
} satisfies FaultKind;
