/** Every checker that the claims of a plan may name. A new one is a file of its own and a line in `DECLARED`. */
import { z } from "zod";
import type { Claim } from "../history/plan.ts";
import { ownKind } from "../machine/own-kind.ts";
import { availability } from "./availability.ts";
import type { Check, Checker } from "./checker.ts";
import { cache } from "./cache/cache.ts";
import { elleClaim, invariantClaim, linearizableClaim } from "./claims-of-analyses.ts";
import { clientCalls } from "./client/client-calls.ts";
import { delivery } from "./delivery/delivery.ts";
import { jobs } from "./jobs/jobs.ts";
import { checkerOf } from "./kit/checker-of.ts";
import { always, faultNamedIn } from "./kit/exercise.ts";
import type { Exercise } from "./kit/exercise.ts";
import { leaderOverlap } from "./leader/overlap.ts";
import { leaderProgress } from "./leader/progress.ts";
import { leaderSeat } from "./leader/seat.ts";
import { leaderTokenOrder } from "./leader/token-order.ts";
import { leaderWord } from "./leader/word.ts";
import { leaderWork } from "./leader/work.ts";
import { lockAnswer } from "./lock/answer.ts";
import { lockExtension } from "./lock/extension.ts";
import { lockFalseLoss } from "./lock/false-loss.ts";
import { lockLeftovers } from "./lock/leftovers.ts";
import { lockLoad } from "./lock/load.ts";
import { lockOutcome } from "./lock/outcome.ts";
import { lockOverlap } from "./lock/overlap.ts";
import { lockProgress } from "./lock/progress.ts";
import { lockRelease } from "./lock/release.ts";
import { lockResource } from "./lock/resource.ts";
import type { LockSubject } from "./lock/subject.ts";
import { lockTokenOrder } from "./lock/token-order.ts";
import { recovery } from "./recovery/recovery.ts";
import { stopsAccepting } from "./stops-accepting.ts";
import { registerSurvival } from "./survival/register.ts";
import { setSurvival } from "./survival/set.ts";

const DECLARED = [
  lockOverlap,
  lockResource,
  lockTokenOrder,
  lockRelease,
  lockProgress,
  lockLeftovers,
  lockLoad,
  lockAnswer,
  lockExtension,
  lockFalseLoss,
  lockOutcome,
  leaderOverlap,
  leaderProgress,
  leaderWork,
  leaderTokenOrder,
  leaderWord,
  leaderSeat,
  delivery,
  recovery,
  cache,
  jobs,
  clientCalls,
  setSurvival,
  registerSurvival,
  availability,
  stopsAccepting,
  linearizableClaim,
  elleClaim,
  invariantClaim,
] as const;

/** The name of a checker. */
export type CheckerName = (typeof DECLARED)[number]["name"];

/** What a claim may say to the checker of this name. */
export type CheckerOptionsOf<Name extends CheckerName> = Flat<
  z.input<Extract<(typeof DECLARED)[number], { readonly name: Name }>["options"]>
>;

/** One object type for each form that the options have, in which the compiler finds what is misspelt. */
type Flat<Type> = Type extends unknown ? { readonly [Key in keyof Type]: Given<Exclude<Type[Key], undefined>> } : never;

type Given<Value> = Value extends readonly unknown[] ? Readonly<Value> : Value;

/** All that redquake has, by the names that claims use. */
export const CHECKERS: ReadonlyMap<string, Checker> = new Map(DECLARED.map((checker) => [checker.name, checker]));

/** A checker of the user's own. */
export interface OwnChecker {
  /** The name that claims use. */
  readonly name: string;
  /** What has to happen under each fault before a claim can hold: operations by their names, and how they must end. */
  readonly needs: { readonly operations: readonly string[]; readonly end?: Exercise["end"] };
  readonly check: Check;
}

/** A checker of one's own, exported from a module that a campaign names. */
export function defineChecker<Own extends OwnChecker>(checker: Own): Own {
  return ownKind("checker", checker);
}

/** Those of the user's own by their names, each with the function that it was made of. */
const own = new Map<string, { readonly checker: Checker; readonly check: Check }>();

/** @throws TypeError when another checker has the name. */
export function addChecker({ name, needs, check }: OwnChecker): void {
  if (own.get(name)?.check === check) return;
  if (isChecker(name)) throw new TypeError(`there is a checker ${JSON.stringify(name)} already: choose another name`);
  // It reads its options itself.
  const options = z.record(z.string(), z.json());
  const exercise = always(needs.end ?? "succeeded", needs.operations);
  own.set(name, { checker: checkerOf({ name, options, exercise, check }), check });
}

/** Names that plans of older versions use. */
const FORMER_NAMES: ReadonlyMap<string, string> = new Map([
  ["set", "set-survival"],
  ["register", "register-survival"],
]);

function find(name: string): Checker | undefined {
  const current = FORMER_NAMES.get(name) ?? name;
  return CHECKERS.get(current) ?? own.get(current)?.checker;
}

/** Whether plans may name a checker so: by its name, or by one that older versions used. */
export function isChecker(name: string): boolean {
  return find(name) !== undefined;
}

/** @throws TypeError that names the unknown checker and all that there are. */
export function checkerNamed(name: string): Checker {
  const found = find(name);
  if (found !== undefined) return found;
  const names = [...CHECKERS.keys(), ...own.keys()];
  throw new TypeError(`there is no checker ${JSON.stringify(name)}; there are ${names.join(", ")}`);
}

/**
 * What puts a claim to the test.
 * @throws TypeError that names the unknown checker and all that there are.
 */
export function exerciseOf({ checker, options }: Claim): Exercise {
  return { ...checkerNamed(checker).exercise(options), ...faultNamedIn(options) };
}

/** What a claim judges, where that is a lock and the checker is known. */
export function lockSubjectOf({ checker, options }: Pick<Claim, "checker" | "options">): LockSubject | undefined {
  return find(checker)?.lock?.(options);
}
