/**
 * The wall clock of one node or one worker runs too fast (`ratePpm` > 0) or too slow (< 0): by that many millionths of
 * the real pace, from the injection on. It is put back when the fault heals. Monotonic clocks, and everybody else's,
 * stay as they are.
 */
import { z } from "zod";
import { names, number } from "../fault-options.ts";
import { setTimeout as delay } from "node:timers/promises";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { readWithin, resolveClock, signed } from "../clock.ts";
import type { ClockReading, FaultyClock } from "../clock.ts";
import type { FaultKind } from "../fault.ts";
import { numberOption } from "../targets.ts";

const MILLION = 1_000_000;
/** The fault shim's limits: standing still, and ten times the real pace. */
const MIN_RATE_PPM = -MILLION;
const MAX_RATE_PPM = 9 * MILLION;
/** Less than this does not show in a run of seconds. */
const LEAST_RATE_PPM = 5_000;
/**
 * How long a probe watches the clock. Half a second is enough where it is answered at once, and nothing but time helps
 * where it is not.
 */
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 20;
/** After the heal the clock must tell the real time again, not only keep its pace. */
const TOLERANCE_MS = 250;

export const clockDrift = {
  kind: "clock-drift",
  options: z.strictObject({ target: names, ratePpm: number }),
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
        const { drifts, decided, saw } = await watch(clock, ratePpm);
        const now = await readWithin(clock, TOLERANCE_MS / 2);
        const near = Math.abs(now.offsetMs) <= TOLERANCE_MS;
        return { ok: decided && !drifts && near, saw: `${saw}; it is ${Math.round(now.offsetMs)} ms ahead` };
      },
    };
  },
} satisfies FaultKind;

interface Watched {
  /** Whether the readings exclude one of the two: the planned pace, or the real one. */
  readonly decided: boolean;
  readonly drifts: boolean;
  readonly saw: string;
}

/**
 * Reads the clock until it is certain on which side of half the planned rate its own rate is. Each two readings bound
 * that rate from below and above, by what their uncertainty leaves open; a slow answer loosens no bound that quick ones
 * have set, so a busy machine only takes longer.
 */
async function watch(clock: FaultyClock, ratePpm: number): Promise<Watched> {
  const readings: ClockReading[] = [];
  const half = ratePpm / 2;
  let [least, most] = [-Infinity, Infinity];
  for (;;) {
    const last = await clock.read();
    for (const before of readings) {
      const { lowest, highest } = paceBetween(before, last, Math.abs(ratePpm) / MILLION);
      [least, most] = [Math.max(least, lowest), Math.min(most, highest)];
    }
    readings.push(last);
    const elapsedMs = last.atMs - (readings[0]?.atMs ?? last.atMs);
    // Both at once would mean that a clock was set meanwhile: then nothing is certain.
    const decided = least > half !== most < half;
    if (decided || elapsedMs > PATIENCE_MS) {
      const drifts = decided && (ratePpm > 0 ? least > half : most < half);
      const span = `within ${Math.round(elapsedMs)} ms the clock of ${clock.name} was seen to gain on this machine's`;
      return { decided, drifts, saw: `${span} ${Math.round(least)} to ${Math.round(most)} ppm` };
    }
    // Readings at once after each other tell little of a pace.
    await delay(LOOK_EVERY_MS);
  }
}

/**
 * What two readings leave open of how fast the clock gains, in millionths. While it is asked, it may gain as fast as
 * planned.
 */
function paceBetween(
  a: ClockReading,
  b: ClockReading,
  plannedRate: number,
): { readonly lowest: number; readonly highest: number } {
  const gained = b.offsetMs - a.offsetMs;
  const open = (a.uncertaintyMs + b.uncertaintyMs) * (1 + plannedRate);
  const elapsedMs = b.atMs - a.atMs;
  return { lowest: ((gained - open) / elapsedMs) * MILLION, highest: ((gained + open) / elapsedMs) * MILLION };
}
