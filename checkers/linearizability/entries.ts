/**
 * The operations of one object, ready to be judged: failed ones are gone, values are copied back from the completions,
 * and what is left is in the order of the invocations. Made once (`prepare.ts`) and shared by the general search and
 * the special cases.
 */
import type { Columns } from "../../history/columns/columns.ts";

/** `ret` of an operation whose outcome is not known: it may happen at any later moment, or never. */
export const NEVER = 0x7fff_ffff;

export interface Entries {
  readonly columns: Columns;
  /** How many operations there are. */
  readonly length: number;
  /** Index of each invocation in the history, rising. */
  readonly call: Int32Array;
  /** Index of each completion `ok`, or `NEVER`. */
  readonly ret: Int32Array;
  /** Index into `columns.names`. */
  readonly f: Uint16Array;
  /** Position on the tape of the invocation's value (with `--by-key`: of the second half of the pair). */
  readonly input: Int32Array;
  /** Position on the tape of the completion's value, or -1 when it is not known. */
  readonly output: Int32Array;
  /**
   * The invocations of failed operations on the same object: they constrain nothing, but what they tried to write
   * explains a read.
   */
  readonly failed: Int32Array;
}
