/**
 * The wall clock of one node or one worker runs too fast (`ratePpm` > 0) or too slow (< 0): by that many millionths of the real pace, from
 * the injection on. It is put back when the fault heals. Monotonic clocks, and everybody else's, stay as they are.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { resolveClock, signed } from "../clock.ts";
import type { ClockReading, FaultyClock } from "../clock.ts";
import type { FaultKind } from "../fault.ts";
import { numberOption } from "../targets.ts";

const MILLION = 1_000_000;
/** The fault shim's limits: standing still, and ten times the real pace. */
const MIN_RATE_PPM = -MILLION;
const MAX_RATE_PPM = 9 * MILLION;
/** Less than this cannot be told from the round trips of a probe within its patience, and does not show in a run of seconds either. */
const LEAST_RATE_PPM = 5_000;
/** How long a probe watches the clock. */
const PATIENCE_MS = 4_000;
const LOOK_EVERY_MS = 20;
/** After the heal the clock must tell the real time again, not only keep its pace. */
const TOLERANCE_MS = 250;

export const clockDrift: FaultKind = {
  kind: "clock-drift",
  options: { required: { target: "names", ratePpm: "number" } },
  needs: ["shim"],
  async prepare(context, options) {
    const clock = await resolveClock(context, options);
    const ratePpm = numberOption(options, "ratePpm");
    if (Math.abs(ratePpm) < LEAST_RATE_PPM || ratePpm < MIN_RATE_PPM || ratePpm > MAX_RATE_PPM) {
      throw new TypeError(
        `the fault's option "ratePpm" must be from ${MIN_RATE_PPM} to ${MAX_RATE_PPM} and at least ${LEAST_RATE_PPM} away from 0, not ${ratePpm}`,
      );
    }
    return {
      target: [clock.name],
      title: `clock of ${clock.name} drifts ${signed(ratePpm, "ppm")}`,
      detail: { ratePpm },
      inject: () => Promise.resolve(clock.set({ offsetMs: 0, ratePpm })),
      probe: async () => {
        const { drifts, saw } = await watch(clock, ratePpm);
        return { ok: drifts, saw };
      },
      heal: () => Promise.resolve(clock.set({ offsetMs: 0, ratePpm: 0 })),
      probeHealed: async (): Promise<ProbeResult> => {
        const { drifts, decided, saw, last } = await watch(clock, ratePpm);
        const near = Math.abs(last.offsetMs) <= TOLERANCE_MS;
        return { ok: decided && !drifts && near, saw: `${saw}; it is ${Math.round(last.offsetMs)} ms ahead` };
      },
    };
  },
};

interface Watched {
  /** Whether the readings exclude one of the two: the planned pace, or the real one. */
  readonly decided: boolean;
  readonly drifts: boolean;
  readonly saw: string;
  readonly last: ClockReading;
}

/**
 * Reads the clock until two readings are so far apart that their uncertainty no longer matters: until it is certain on which side of
 * half the planned rate the real one is.
 */
async function watch(clock: FaultyClock, ratePpm: number): Promise<Watched> {
  const first = await clock.read();
  for (;;) {
    const last = await clock.read();
    const elapsedMs = last.atMs - first.atMs;
    const measuredPpm = ((last.offsetMs - first.offsetMs) / elapsedMs) * MILLION;
    const uncertainPpm = ((last.uncertaintyMs + first.uncertaintyMs) / elapsedMs) * MILLION;
    // As a share of the planned rate: 1 is what was planned, 0 the real pace.
    const share = measuredPpm / ratePpm;
    const uncertainShare = uncertainPpm / Math.abs(ratePpm);
    const decided = Math.abs(share - 0.5) > uncertainShare;
    if (decided || elapsedMs > PATIENCE_MS) {
      const span = `within ${Math.round(elapsedMs)} ms the clock of ${clock.name} gained ${(last.offsetMs - first.offsetMs).toFixed(1)} ms on this machine's`;
      const pace = `${Math.round(measuredPpm)} ± ${Math.round(uncertainPpm)} ppm`;
      return { decided, drifts: decided && share > 0.5, saw: `${span} (${pace})`, last };
    }
    // Readings at once after each other tell little of a pace.
    await delay(LOOK_EVERY_MS);
  }
}
