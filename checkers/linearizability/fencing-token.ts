/** A fencing token is the answer to an acquire: a number, or an object that has it as `token`. */
import type { Json } from "../../history/operation.ts";
import type { Tape } from "../../history/columns/tape.ts";

export function tokenOf(output: Json | undefined): number | undefined {
  if (typeof output === "number") return output;
  const token =
    typeof output === "object" && output !== null && !Array.isArray(output)
      ? (output as { readonly [name: string]: Json })["token"]
      : undefined;
  return typeof token === "number" ? token : undefined;
}

/** The same of an answer on the tape; NaN where there is none. */
export function tokenAt(tape: Tape, at: number): number {
  if (tape.isNumber(at)) return tape.number(at);
  const field = tape.field(at, "token");
  return field === -1 ? NaN : tape.number(field);
}
