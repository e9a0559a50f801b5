/** Every history of so many operations, each by a process of its own, from a list of what each may be. */
import type { Json } from "../../../history/operation.ts";
import type { Line } from "./columns-of-lines.ts";

export interface Possible {
  readonly f: string;
  readonly input: Json;
  /** Undefined when its outcome is not known. */
  readonly output: Json | undefined;
}

/** @param possible what the operation that is invoked as number `i`, from 0, may be. */
export function* everyHistory(operations: number, possible: (i: number) => readonly Possible[]): Generator<Line[]> {
  for (const order of everyOrder(operations))
    for (const choice of everyChoice(operations, possible)) yield history(order, choice);
}

/**
 * Each order of invocations and completions, as numbers of operations that are invoked when first named; they are
 * numbered as they are invoked.
 */
function* everyOrder(operations: number, begun: readonly number[] = []): Generator<readonly number[]> {
  const count = new Map<number, number>();
  for (const each of begun) count.set(each, (count.get(each) ?? 0) + 1);
  if (begun.length === 2 * operations) yield begun;
  if (count.size < operations) yield* everyOrder(operations, [...begun, count.size]);
  for (const [each, times] of count) if (times === 1) yield* everyOrder(operations, [...begun, each]);
}

function* everyChoice(
  operations: number,
  possible: (i: number) => readonly Possible[],
  chosen: readonly Possible[] = [],
): Generator<readonly Possible[]> {
  if (chosen.length === operations) yield chosen;
  else for (const next of possible(chosen.length)) yield* everyChoice(operations, possible, [...chosen, next]);
}

function history(order: readonly number[], chosen: readonly Possible[]): Line[] {
  const invoked = new Set<number>();
  return order.map((process): Line => {
    const { f, input, output } = chosen[process] as Possible;
    if (invoked.has(process)) return output === undefined ? [process, "info", f, input] : [process, "ok", f, output];
    invoked.add(process);
    return [process, "invoke", f, input];
  });
}
