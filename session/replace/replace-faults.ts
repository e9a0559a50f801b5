/** `--faults`: a campaign's system, workload and claims under other faults than its own. */
import { existsSync, readFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { withoutExpectation } from "../../campaigns/declare/declare.ts";
import type { FaultPlan, Plan } from "../../history/plan.ts";
import { seededRandom } from "../../history/random.ts";
import { didYouMean } from "../../history/suggest.ts";
import { faultsFor } from "../../nemesis/schedule/catalogue.ts";
import { formatFault } from "../../nemesis/schedule/format.ts";
import { unknownNames } from "../../nemesis/schedule/names.ts";
import { parseSchedule } from "../../nemesis/schedule/parse.ts";
import type { Schedule } from "../../nemesis/schedule/schedule.ts";
import { ScheduleError } from "../../nemesis/schedule/schedule-error.ts";
import { seededSchedule } from "../../nemesis/schedule/seeded.ts";
import { swarmSchedule } from "../../nemesis/schedule/swarm.ts";
import { systemOf } from "../../systems/registry.ts";
import { shellQuoted } from "../shell-quoted.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { userPath } from "../../machine/user-folder.ts";

export interface FaultsFlags {
  /** A file, `-`, a schedule, `seeded` or `swarm`. */
  readonly faults?: string;
  /** Faults per second, on average. */
  readonly intensity?: number;
}

/** Other faults for every plan, and the flags that ask for them again. */
export interface FaultsReplacement {
  apply(plan: Plan): Plan;
  readonly flags: string;
}

const DEFAULT_INTENSITY = 1;
const MOST_AT_A_TIME = 2;
/** Workers of the load are `w1`, `w2` …; no fault touches those that make the final reads. */
const CLIENT = /^w\d+$/;

/**
 * What `--faults` and `--intensity` ask for; undefined when they ask for nothing.
 * @throws UsageError when there is no such file, or the schedule cannot be read.
 */
export async function faultsReplacement({ faults, intensity }: FaultsFlags): Promise<FaultsReplacement | undefined> {
  if (faults === undefined) {
    if (intensity === undefined) return undefined;
    throw new UsageError("--intensity is for faults that are drawn: add --faults seeded or --faults swarm");
  }
  if (faults === "seeded" || faults === "swarm") {
    return {
      apply: (plan) => replaced(plan, drawn(plan, faults, intensity)),
      flags: `--faults ${faults}${intensity === undefined ? "" : ` --intensity ${intensity}`}`,
    };
  }
  if (intensity !== undefined)
    throw new UsageError(
      "--intensity is for faults that are drawn, and those of a schedule have their times: leave it out",
    );
  const text = await scheduleText(faults);
  const written = parsed(text, faults);
  return {
    apply: (plan) => {
      checkNames(plan, written);
      return replaced(plan, { faults: written, description: "Its faults were written by hand." });
    },
    flags: `--faults ${shellQuoted(written.map(formatFault).join("; "))}`,
  };
}

/** Nobody has said what these faults will show: promises stay promises, and nothing is expected. */
function replaced(plan: Plan, { faults, description }: Schedule): Plan {
  return {
    ...plan,
    description: `${plan.description} This run has other faults than the campaign's own. ${description}`,
    faults,
    claims: plan.claims.map(withoutExpectation),
  };
}

function drawn(plan: Plan, how: "seeded" | "swarm", intensity: number | undefined): Schedule {
  const clients = plan.workers.map(({ name }) => name).filter((name) => CLIENT.test(name));
  const kinds = faultsFor({ system: plan.system, clients });
  const { loadMs } = plan;
  const random = seededRandom(plan.seed);
  if (how === "swarm") {
    return swarmSchedule({
      kinds,
      loadMs,
      random,
      ...(intensity === undefined ? {} : { meanGapMs: gapOf(intensity) }),
    });
  }
  const meanGapMs = gapOf(intensity ?? DEFAULT_INTENSITY);
  return {
    faults: seededSchedule({ kinds, meanGapMs, atMost: MOST_AT_A_TIME, loadMs, random }),
    description: `They were drawn from the seed: one every ${meanGapMs} ms on average, at most ${MOST_AT_A_TIME} at a time.`,
  };
}

function gapOf(intensity: number): number {
  return Math.max(1, Math.round(1_000 / intensity));
}

/** A schedule has a colon after each moment, and a blank after that; a path that has the same is written with `./`. */
async function scheduleText(faults: string): Promise<string> {
  if (faults === "-") return readAll(process.stdin);
  const path = userPath(faults);
  if (existsSync(path)) return readFileSync(path, "utf8");
  if (/:\s/.test(faults)) return faults;
  throw new UsageError(
    `there is no file ${JSON.stringify(faults)}${didYouMean(faults, ["seeded", "swarm"])}: --faults takes a file, - for the standard input, seeded, swarm, or a schedule such as 'at 1s: pause w1 for 2s'`,
  );
}

function parsed(text: string, source: string): FaultPlan[] {
  try {
    return parseSchedule(text);
  } catch (error) {
    if (error instanceof ScheduleError) throw new UsageError(`--faults ${JSON.stringify(source)}: ${error.message}`);
    throw error;
  }
}

function checkNames(plan: Plan, faults: readonly FaultPlan[]): void {
  const nodes = systemOf(plan.system).specs.map(({ name }) => name);
  const workers = plan.workers.map(({ name }) => name);
  const [first] = unknownNames(faults, { nodes, workers });
  if (first === undefined) return;
  const { fault, name, allowed } = first;
  throw new UsageError(
    `--faults: the fault ${JSON.stringify(fault)} names ${JSON.stringify(name)}, which ${plan.campaign} does not have${didYouMean(name, allowed)}; there are ${allowed.join(", ")}`,
  );
}
