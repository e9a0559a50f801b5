/** Carries out the faults of a plan: each at its moment, each with its probes, all of it in the history. */
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";
import type { FaultMoment, FaultStage, ProbeResult } from "../history/nemesis-event.ts";
import type { Barrier, FaultPlan, Moment } from "../history/plan.ts";
import { describeSighting } from "../history/sighting-words.ts";
import { Action, isOfTarget } from "./administration.ts";
import { pause } from "../machine/long-timeout.ts";
import type { Arrival, Barriers } from "./barriers.ts";
import type { Fault, FaultContext } from "./fault.ts";
import { NoTargetError } from "./fault.ts";
import { faultKind } from "./registry.ts";
import { plannedQuiet } from "./schedule/planned-end.ts";
import { sighted } from "./sightings.ts";

/** Between two looks for somebody whom a fault can strike. */
const TARGET_EVERY_MS = 10;

export interface NemesisOptions {
  readonly faults: readonly FaultPlan[];
  readonly context: FaultContext;
  readonly barriers: Barriers;
  /** Writes a moment into the history, before it returns. */
  readonly record: (kind: string, moment: FaultMoment) => void;
  /** Aborted when the load ends: what has not started by then never will. */
  readonly loadEnd: AbortSignal;
  /** How long the load is planned to be, in milliseconds. */
  readonly loadMs: number;
}

export class Nemesis {
  readonly #options: NemesisOptions;
  readonly #stages = new Map<string, Stages>();
  readonly #waiting = new Set<Arrival>();
  /** Faults that have acted and not been healed, in the order of their injection. */
  readonly #active = new Map<FaultPlan, Fault>();
  /** Faults between the first moment in which they may act and the last one of their heal. */
  readonly #acting = new Set<Fault>();
  /** How long the load goes on after each fault, in milliseconds. */
  readonly #quietMs: ReadonlyMap<string, number>;

  constructor(options: NemesisOptions) {
    this.#options = options;
    this.#quietMs = plannedQuiet(options.faults, options.loadMs);
    for (const plan of options.faults) {
      const stages = { active: Promise.withResolvers<void>(), healed: Promise.withResolvers<void>() };
      this.#stages.set(plan.id, { ...stages, impossible: Promise.withResolvers() });
    }
  }

  /**
   * Runs all faults; resolves when each has come to its planned end or can never come to it, or the load has ended.
   * What has no planned end stays. However late a fault is on a busy machine, as much time passes after it as planned:
   * clients need it to get on again.
   */
  async run(): Promise<void> {
    await Promise.all(this.#options.faults.map((plan) => this.#runFault(plan)));
  }

  /** Heals what is still active, the last injected first, and lets every waiting worker go on. */
  async healAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const plan of [...this.#active.keys()].reverse()) {
      // One fault that cannot be healed must not keep the others.
      await this.#heal(plan, "end of the load").catch((error: unknown) => failures.push(error));
    }
    for (const arrival of this.#waiting) arrival.proceed();
    this.#waiting.clear();
    if (failures.length > 0) throw failures[0];
  }

  /** Whether a fault acts now that may have ended this node: to bring it back is then for the fault's heal. */
  mayHaveEnded(name: string): boolean {
    return [...this.#acting].some(({ mayEnd, target }) => mayEnd === true && target.includes(name));
  }

  async #runFault(plan: FaultPlan): Promise<void> {
    const start = await this.#reach(plan.start);
    const fault = start.reached
      ? await this.#prepare(plan)
      : { missing: start.impossible ?? `the load ended before ${describeMoment(plan.start)}` };
    if ("missing" in fault) {
      const { impossible } = start;
      this.#record(plan, { target: [], title: plan.kind }, "not-fired", {
        reason: fault.missing,
        ...(impossible === undefined ? {} : { impossible: true }),
      });
      if (impossible !== undefined) this.#stages.get(plan.id)?.impossible.resolve(impossible);
      for (const { arrival } of start.arrivals) this.#proceed(arrival);
      return;
    }
    this.#record(plan, fault, "inject", { trigger: describeMoment(plan.start, start.seen) });
    this.#active.set(plan, fault);
    this.#acting.add(fault);
    const action = new Action();
    await action.take(() => fault.inject());
    this.#record(plan, fault, "active", { probe: action.told(await probed(() => fault.probe())) });
    this.#stages.get(plan.id)?.active.resolve();
    const letGo = this.#letGo(start.arrivals);
    if (plan.end !== undefined) {
      const end = await this.#reach(plan.end);
      if (end.reached) await this.#heal(plan, describeMoment(plan.end, end.seen));
      await this.#letGo(end.arrivals);
    }
    await Promise.all([letGo, pause(this.#quietMs.get(plan.id) ?? 0, this.#options.loadEnd)]);
  }

  /** Waits until there is somebody whom the plan's words mean, or the load ends. */
  async #prepare(plan: FaultPlan): Promise<Fault | { readonly missing: string }> {
    for (;;) {
      try {
        return await faultKind(plan.kind).prepare(this.#options.context, plan.options);
      } catch (error) {
        // Whom the plan means cannot be found out now, or who is meant cannot be asked: that may change.
        if (!(error instanceof NoTargetError) && !isOfTarget(error)) throw error;
        if (this.#options.loadEnd.aborted) return { missing: `until the load ended, ${(error as Error).message}` };
        await delay(TARGET_EVERY_MS, undefined, { ref: false });
      }
    }
  }

  async #heal(plan: FaultPlan, trigger: string): Promise<void> {
    const fault = this.#active.get(plan);
    if (fault === undefined) return;
    this.#active.delete(plan);
    this.#record(plan, fault, "heal", { trigger });
    const action = new Action();
    await action.take(() => fault.heal());
    this.#record(plan, fault, "healed", { probe: action.told(await probed(() => fault.probeHealed())) });
    // A node that does not come back has not ended by itself.
    if (!action.isRefused) this.#acting.delete(fault);
    this.#stages.get(plan.id)?.healed.resolve();
  }

  /** Waits for a moment's parts, one after the other, or until it can never come, or for the end of the load. */
  async #reach(moment: Moment): Promise<Reached> {
    const { loadEnd } = this.#options;
    const ended = aborted(loadEnd);
    if (moment.after !== undefined) {
      const stages = this.#stages.get(moment.after.fault);
      if (stages === undefined)
        throw new TypeError(
          `the plan waits for the fault ${JSON.stringify(moment.after.fault)}, which it does not have`,
        );
      const reached = stages[moment.after.stage].promise;
      const impossible = await Promise.race([reached, stages.impossible.promise, ended]);
      if (typeof impossible === "string") return { reached: false, arrivals: [], seen: undefined, impossible };
    }
    let seen: string | undefined;
    if (moment.on !== undefined && !loadEnd.aborted) seen = await sighted(this.#options.context, moment.on, loadEnd);
    if (moment.afterMs !== undefined && !loadEnd.aborted) await pause(moment.afterMs, loadEnd);
    const arrivals: Arrived[] = [];
    let impossible: string | undefined;
    if (!loadEnd.aborted) {
      const never = Promise.withResolvers<void>();
      const arriving = barriersOf(moment).map(async (barrier): Promise<void> => {
        const arrival = await this.#options.barriers.arm(barrier.worker, barrier.point, barrier.occurrence ?? 1);
        if ("unreachable" in arrival) {
          impossible ??= `${describeMoment(moment)} never comes: ${arrival.unreachable}`;
          return never.resolve();
        }
        // A worker that arrives waits until it is let go, also when the load ends in the same moment; nobody waits for
        // what never comes.
        if (loadEnd.aborted || impossible !== undefined) return arrival.proceed();
        this.#waiting.add(arrival);
        arrivals.push({ arrival, barrier });
      });
      await Promise.race([never.promise, Promise.all(arriving), ended]);
    }
    return { reached: !loadEnd.aborted && impossible === undefined, arrivals, seen, impossible };
  }

  async #letGo(arrivals: readonly Arrived[]): Promise<void> {
    await Promise.all(arrivals.map((each) => this.#letOneGo(each)));
  }

  async #letOneGo({ arrival, barrier }: Arrived): Promise<void> {
    const ended = aborted(this.#options.loadEnd);
    if (barrier.holdUntilHealed !== undefined) {
      const stages = this.#stages.get(barrier.holdUntilHealed);
      await Promise.race([stages?.healed.promise, stages?.impossible.promise ?? ended, ended]);
    } else if (barrier.holdMs !== undefined) {
      await pause(barrier.holdMs, this.#options.loadEnd);
    }
    // Faults that have waited for this moment begin to watch for events in this turn: what the worker does next must
    // not be over by then.
    await turn();
    this.#proceed(arrival);
  }

  #proceed(arrival: Arrival): void {
    this.#waiting.delete(arrival);
    arrival.proceed();
  }

  #record(
    plan: FaultPlan,
    fault: Pick<Fault, "target" | "title" | "detail">,
    stage: FaultStage,
    more: Pick<FaultMoment, "probe" | "trigger" | "reason" | "impossible">,
  ): void {
    const { target, title, detail } = fault;
    this.#options.record(plan.kind, {
      fault: plan.id,
      stage,
      target,
      title,
      ...more,
      ...(detail === undefined ? {} : { detail }),
    });
  }
}

interface Reached {
  /** False when the load ended before, or the moment can never come. */
  readonly reached: boolean;
  /** Why it can never come. */
  readonly impossible?: string | undefined;
  /** The workers that wait where the moment is a place in their code. */
  readonly arrivals: readonly Arrived[];
  /** What was seen in the run, in words, where the moment waits for that. */
  readonly seen: string | undefined;
}

/** A worker that waits at a barrier. */
interface Arrived {
  readonly arrival: Arrival;
  readonly barrier: Barrier;
}

function barriersOf({ at, and = [] }: Moment): readonly Barrier[] {
  return at === undefined ? and : [at, ...and];
}

interface Stages {
  readonly active: PromiseWithResolvers<void>;
  readonly healed: PromiseWithResolvers<void>;
  /** Resolves with the reason when it is known that it will never start. */
  readonly impossible: PromiseWithResolvers<string>;
}

/** A probe that could not be made has proved nothing. */
async function probed(probe: () => Promise<ProbeResult>): Promise<ProbeResult> {
  try {
    return await probe();
  } catch (error) {
    return { ok: false, saw: `the probe itself failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
}

/**
 * A moment in words, such as `w1 at critical-section, time 2, after partition was active`; `seen` says what it turned
 * out to be.
 */
export function describeMoment(moment: Moment, seen?: string): string {
  const { after, on, afterMs } = moment;
  const parts = barriersOf(moment).map(
    ({ worker, point, occurrence = 1 }) => `${worker} at ${point}${occurrence === 1 ? "" : `, time ${occurrence}`}`,
  );
  if (afterMs !== undefined)
    parts.push(`${afterMs} ms ${after === undefined && on === undefined ? "passed" : "later"}`);
  if (on !== undefined) parts.push(seen ?? describeSighting(on));
  if (after !== undefined) parts.push(`after ${after.fault} was ${after.stage}`);
  return parts.join(", ");
}
