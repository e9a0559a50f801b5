/**
 * What the models of locks share: they take `acquire` and `release`, look at no value but a token, and count what a
 * process still can notice.
 */
import type { Occurrence, Step } from "../model.ts";
import { UNSEEN } from "./observations.ts";

export const LOCK_OPERATIONS: readonly string[] = ["acquire", "release"];

/** Without the values, which say nothing of the lock. */
export function withoutValues({ f, process }: Step): Step {
  return { f, input: null, output: undefined, process };
}

/**
 * A lock whose acquires and releases anybody may make: an acquire is noticed by any release, and a release by any
 * acquire.
 */
export function noticedByAnybody(operations: readonly Occurrence[]): (step: Step) => number {
  const latest: Record<string, number> = {};
  for (const { step, ret } of operations) latest[step.f] = Math.max(latest[step.f] ?? UNSEEN, ret);
  return ({ f }) => latest[f === "acquire" ? "release" : "acquire"] ?? UNSEEN;
}

/**
 * A lock that belongs to a process: an acquire that its process does not release any more only keeps others out. A
 * release is noticed as long as its process acquires.
 */
export function noticedByOwner(operations: readonly Occurrence[]): (step: Step) => number {
  const released = new Map<number, number>();
  const acquired = new Set<number>();
  for (const { step, ret } of operations) {
    if (step.f === "acquire") acquired.add(step.process);
    else released.set(step.process, Math.max(released.get(step.process) ?? UNSEEN, ret));
  }
  return ({ f, process }) => {
    if (f === "acquire") return released.get(process) ?? UNSEEN;
    return acquired.has(process) ? Infinity : UNSEEN;
  };
}

export function refuseInit(name: string, init: unknown): void {
  if (init !== undefined && init !== null)
    throw new TypeError(`${name} takes no state to begin with, not ${JSON.stringify(init)}`);
}
