/**
 * The wall clock of one node or one worker jumps to and fro between the real time and `offsetMs` ahead of it, one jump
 * every `periodMs`, `count` times away and back (50 by default). Monotonic clocks, and everybody else's, stay as they
 * are.
 */
import { z } from "zod";
import { names, number } from "../fault-options.ts";
import { setTimeout as delay } from "node:timers/promises";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { LONGEST_TIMER_MS } from "../../machine/long-timeout.ts";
import { resolveClock, signed } from "../clock.ts";
import type { FaultyClock } from "../clock.ts";
import type { FaultKind } from "../fault.ts";
import { numberOption } from "../targets.ts";

const REAL = { offsetMs: 0, ratePpm: 0 };
const DEFAULT_COUNT = 50;
/** A smaller jump could not be told from the time that a probe's question takes. */
const LEAST_OFFSET_MS = 50;
/** A shorter period would only measure how busy the coordinator is. */
const LEAST_PERIOD_MS = 5;
/** How many periods a probe watches, at least. */
const WATCHED_PERIODS = 6;
const LEAST_WATCH_MS = 500;
/**
 * So many answers that were quick enough to tell where the clock was show that it jumps no more; and how long they are
 * waited for on a machine that is busy.
 */
const LEAST_LOOKS = 12;
const PATIENCE_MS = 20_000;

export const clockStrobe = {
  kind: "clock-strobe",
  options: z.strictObject({ target: names, offsetMs: number, periodMs: number, count: number.optional() }),
  needs: ["shim"],
  async prepare(context, options) {
    const clock = await resolveClock(context, options);
    const offsetMs = atLeast(LEAST_OFFSET_MS, "offsetMs", numberOption(options, "offsetMs"), Math.abs);
    const periodMs = atLeast(LEAST_PERIOD_MS, "periodMs", numberOption(options, "periodMs"));
    if (periodMs > LONGEST_TIMER_MS)
      throw new TypeError(`the fault's option "periodMs" must be at most ${LONGEST_TIMER_MS}, not ${periodMs}`);
    const count = atLeast(1, "count", numberOption(options, "count", DEFAULT_COUNT));
    const strobe = new Strobe(clock, offsetMs, 2 * count);
    return {
      target: [clock.name],
      title: `clock of ${clock.name} strobes ${signed(offsetMs, "ms")} every ${periodMs} ms`,
      detail: { offsetMs, periodMs, count },
      inject: () => Promise.resolve(strobe.start(periodMs)),
      probe: async () => {
        const { moved, real, saw } = await watch(clock, offsetMs, periodMs);
        return { ok: moved > 0 && real > 0, saw };
      },
      heal: () => Promise.resolve(strobe.stop()),
      probeHealed: async (): Promise<ProbeResult> => {
        const { moved, real, saw } = await watch(clock, offsetMs, periodMs);
        return { ok: moved === 0 && real > 0, saw: `${saw}; it had jumped ${strobe.jumps} times` };
      },
    };
  },
} satisfies FaultKind;

class Strobe {
  jumps = 0;
  readonly #clock: FaultyClock;
  readonly #offsetMs: number;
  readonly #lastJump: number;
  #timer: NodeJS.Timeout | undefined;
  #failure: Error | undefined;

  constructor(clock: FaultyClock, offsetMs: number, lastJump: number) {
    this.#clock = clock;
    this.#offsetMs = offsetMs;
    this.#lastJump = lastJump;
  }

  start(periodMs: number): void {
    this.#jump();
    this.#timer = setInterval(() => {
      // Nobody could catch what a timer throws; it is told when the fault heals.
      try {
        this.#jump();
      } catch (error) {
        this.#failure ??= error as Error;
        clearInterval(this.#timer);
      }
    }, periodMs);
  }

  /** @throws what a jump met. */
  stop(): void {
    clearInterval(this.#timer);
    this.#clock.set(REAL);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #jump(): void {
    this.jumps += 1;
    if (this.jumps >= this.#lastJump) clearInterval(this.#timer);
    this.#clock.set(this.jumps % 2 === 1 ? { offsetMs: this.#offsetMs, ratePpm: 0 } : REAL);
  }
}

/** Reads the clock again and again until it was seen in both places, or not within several periods and looks. */
async function watch(
  clock: FaultyClock,
  offsetMs: number,
  periodMs: number,
): Promise<{ moved: number; real: number; saw: string }> {
  let moved = 0;
  let real = 0;
  const started = performance.now();
  const least = Math.max(WATCHED_PERIODS * periodMs, LEAST_WATCH_MS);
  const goesOn = (): boolean => {
    const passedMs = performance.now() - started;
    return passedMs < least || (moved + real < LEAST_LOOKS && passedMs < PATIENCE_MS);
  };
  while ((moved === 0 || real === 0) && goesOn()) {
    const reading = await clock.read();
    // A reading that could be either, because its question took so long, is none.
    const reach = Math.abs(offsetMs) / 2 - reading.uncertaintyMs;
    if (Math.abs(reading.offsetMs - offsetMs) < reach) moved += 1;
    else if (Math.abs(reading.offsetMs) < reach) real += 1;
    await delay(Math.min(periodMs / 4, 20));
  }
  const ms = Math.round(performance.now() - started);
  return {
    moved,
    real,
    saw: `within ${ms} ms the clock of ${clock.name} was seen ${moved} times at ${signed(offsetMs, "ms")} and ${real} times at the real time`,
  };
}

function atLeast(least: number, name: string, value: number, size: (value: number) => number = (each) => each): number {
  if (size(value) >= least) return value;
  throw new TypeError(`the fault's option "${name}" must be at least ${least}, not ${value}`);
}
