/**
 * Linearizability by its definition: some order of the operations in which none comes after one that was invoked after
 * its completion, and whose every step the object allows. Operations with unknown outcomes may be in it or not.
 * Objects are written down here once more, as functions to all possible next states, without any of the checkers' code.
 */
import type { Json } from "../../../history/operation.ts";
import type { Line } from "../linearizability/columns-of-lines.ts";

export interface OracleOperation {
  readonly process: number;
  readonly f: string;
  readonly input: Json;
  /** Undefined when the outcome is not known. */
  readonly output: Json | undefined;
  readonly call: number;
  /** Infinity when the outcome is not known. */
  readonly ret: number;
}

/** All states that may follow; none when the operation is not possible. */
export type OracleObject = (state: Json, operation: OracleOperation) => readonly Json[];

export function operationsOf(lines: readonly Line[]): OracleOperation[] {
  const operations: OracleOperation[] = [];
  lines.forEach(([process, type, f, input = null], call) => {
    if (type !== "invoke") return;
    const ret = lines.findIndex((line, i) => i > call && line[0] === process);
    const end = lines[ret];
    if (end?.[1] === "fail") return;
    const ok = end?.[1] === "ok";
    operations.push({ process, f, input, output: ok ? (end[3] ?? null) : undefined, call, ret: ok ? ret : Infinity });
  });
  return operations;
}

export function isLinearizable(lines: readonly Line[], object: OracleObject, initial: Json): boolean {
  const dead = new Set<string>();
  const explore = (left: readonly OracleOperation[], state: Json): boolean => {
    if (left.every(({ ret }) => ret === Infinity)) return true;
    const name = JSON.stringify([left.map(({ call }) => call), state]);
    if (dead.has(name)) return false;
    const soonest = Math.min(...left.map(({ ret }) => ret));
    const found = left.some(
      (operation) =>
        operation.call < soonest &&
        object(state, operation).some((next) =>
          explore(
            left.filter((each) => each !== operation),
            next,
          ),
        ),
    );
    if (!found) dead.add(name);
    return found;
  };
  return explore(operationsOf(lines), initial);
}
