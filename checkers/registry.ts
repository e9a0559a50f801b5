/** All checkers, by the name that claims use, and what each of them needs to see. */
import type { Json } from "../history/operation.ts";
import type { Claim } from "../history/plan.ts";
import { ownKind } from "../machine/own-kind.ts";
import { availability } from "./availability.ts";
import type { Checker } from "./checker.ts";
import { elleClaim, invariantClaim, linearizableClaim } from "./claims-of-analyses.ts";
import { delivery } from "./delivery/delivery.ts";
import { always, byProperty, faultNamedIn, namedBy } from "./kit/exercise.ts";
import type { Exercise, ExerciseOf } from "./kit/exercise.ts";
import { lockAnswer } from "./lock/answer.ts";
import { lockExtension } from "./lock/extension.ts";
import { lockFalseLoss } from "./lock/false-loss.ts";
import { jobs } from "./jobs/jobs.ts";
import { lockLeftovers } from "./lock/leftovers.ts";
import { lockLoad } from "./lock/load.ts";
import { lockOutcome } from "./lock/outcome.ts";
import { lockOverlap } from "./lock/overlap.ts";
import { lockProgress } from "./lock/progress.ts";
import { lockRelease } from "./lock/release.ts";
import { lockResource } from "./lock/resource.ts";
import type { LockLevel, LockSubject } from "./lock/subject.ts";
import { lockTokenOrder } from "./lock/token-order.ts";
import { lossNeedsWholeSystem } from "./kit/open-end.ts";
import { registerSurvival } from "./survival/register.ts";
import { setSurvival } from "./survival/set.ts";
import { withSuccess } from "./kit/success.ts";
import { stopsAccepting } from "./stops-accepting.ts";

interface Registered {
  readonly check: Checker;
  /** What has to happen under each fault before a claim that this checker judges can hold. */
  readonly exercise: ExerciseOf;
  /** What its claims judge, where that is a lock; undefined for claims about something else. */
  readonly lock?: (options: Claim["options"]) => LockSubject | undefined;
}

const level = (name: LockLevel) => (): LockSubject => ({ level: name });

const acquires = always("succeeded", ["acquire"]);

const REGISTERED = new Map<string, Registered>([
  [
    "lock-overlap",
    {
      check: lockOverlap,
      exercise: acquires,
      lock: (options) =>
        options["level"] === "belief"
          ? { level: "belief", ofSemaphores: true, asksHolders: true }
          : { level: "grant", ofSemaphores: true },
    },
  ],
  [
    "lock-resource",
    {
      check: lockResource,
      exercise: () => ({ f: ["write"], end: "succeeded", until: "load", byNewHolders: true }),
      lock: ({ fenced }) => ({ level: "resource", ...(fenced === true ? {} : { asksHolders: true }) }),
    },
  ],
  ["lock-token-order", { check: lockTokenOrder, exercise: acquires, lock: level("tokens") }],
  ["lock-release", { check: lockRelease, exercise: acquires, lock: level("release") }],
  [
    "lock-progress",
    { check: lockProgress, exercise: acquires, lock: () => ({ level: "liveness", ofSemaphores: true }) },
  ],
  ["lock-leftovers", { check: lockLeftovers, exercise: acquires, lock: level("leftovers") }],
  ["lock-load", { check: lockLoad, exercise: acquires, lock: level("load") }],
  ["lock-answer", { check: lockAnswer, exercise: always("answered", ["acquire"]), lock: level("answer") }],
  ["lock-extension", { check: lockExtension, exercise: always("answered", ["extend"]), lock: level("extension") }],
  ["lock-false-loss", { check: lockFalseLoss, exercise: acquires, lock: level("false loss") }],
  ["lock-outcome", { check: lockOutcome, exercise: always("succeeded", ["outcome"]), lock: level("outcome") }],
  [
    "delivery",
    { check: lossNeedsWholeSystem(delivery, ["no-loss"]), exercise: always("succeeded", ["deliver"], "final") },
  ],
  ["jobs", { check: jobs, exercise: always("succeeded", ["deliver"], "final") }],
  ["set-survival", { check: lossNeedsWholeSystem(setSurvival, ["acknowledged-survive"]), exercise: survives("add") }],
  [
    "register-survival",
    { check: lossNeedsWholeSystem(registerSurvival, ["acknowledged-survive"]), exercise: survives("write") },
  ],
  ["availability", { check: availability, exercise: namedBy("f") }],
  // No success is right there: what counts is that somebody tried.
  ["stops-accepting", { check: stopsAccepting, exercise: namedBy("f", "tried") }],
  [
    "linearizable",
    {
      check: linearizableClaim,
      exercise: namedBy("operations"),
      // A lock that is no mutex was granted twice.
      lock: ({ operations }) =>
        Array.isArray(operations) && (operations as readonly Json[]).includes("acquire")
          ? { level: "grant" }
          : undefined,
    },
  ],
  ["elle", { check: elleClaim, exercise: namedBy("operations") }],
  ["invariant", { check: invariantClaim, exercise: namedBy("operations") }],
]);

function survives(write: "add" | "write"): ExerciseOf {
  return byProperty(
    {
      "refused-absent": { f: [write], end: "refused", until: "load" },
      "no-stale-read": { f: ["read"], end: "succeeded", until: "load" },
    },
    { f: [write], end: "succeeded", until: "load" },
  );
}

/** Each holds only where some operation of a client succeeded. */
export const CHECKERS: ReadonlyMap<string, Checker> = new Map(
  [...REGISTERED].map(([name, { check }]) => [name, withSuccess(check)]),
);

/** A checker of the user's own. */
export interface OwnChecker {
  /** The name that claims use. */
  readonly name: string;
  /** What has to happen under each fault before a claim can hold: operations by their names, and how they must end. */
  readonly needs: { readonly operations: readonly string[]; readonly end?: Exercise["end"] };
  readonly check: Checker;
}

/** A checker of one's own, exported from a module that a campaign names. */
export function defineChecker<Own extends OwnChecker>(checker: Own): Own {
  return ownKind("checker", checker);
}

/** @throws TypeError when another checker has the name. */
export function addChecker({ name, needs, check }: OwnChecker): void {
  if (REGISTERED.has(name)) {
    if (REGISTERED.get(name)?.check === check) return;
    throw new TypeError(`there is a checker ${JSON.stringify(name)} already: choose another name`);
  }
  REGISTERED.set(name, { check, exercise: always(needs.end ?? "succeeded", needs.operations) });
}

/** Names that plans of older versions use. */
const FORMER_NAMES: ReadonlyMap<string, string> = new Map([
  ["set", "set-survival"],
  ["register", "register-survival"],
]);

/** Whether plans may name a checker so: by its name, or by one that older versions used. */
export function isChecker(name: string): boolean {
  return REGISTERED.has(FORMER_NAMES.get(name) ?? name);
}

/** @throws TypeError that names the unknown checker and all that there are. */
export function checkerNamed(name: string): Checker {
  return withSuccess(registered(name).check);
}

/**
 * What puts a claim to the test.
 * @throws TypeError that names the unknown checker and all that there are.
 */
export function exerciseOf({ checker, options }: Claim): Exercise {
  return { ...registered(checker).exercise(options), ...faultNamedIn(options) };
}

/** What a claim judges, where that is a lock and the checker is known. */
export function lockSubjectOf({ checker, options }: Pick<Claim, "checker" | "options">): LockSubject | undefined {
  return REGISTERED.get(FORMER_NAMES.get(checker) ?? checker)?.lock?.(options);
}

function registered(name: string): Registered {
  const found = REGISTERED.get(FORMER_NAMES.get(name) ?? name);
  if (found === undefined) {
    throw new TypeError(`there is no checker ${JSON.stringify(name)}; there are ${[...REGISTERED.keys()].join(", ")}`);
  }
  return found;
}
