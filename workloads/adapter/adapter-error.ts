import { RedquakeError } from "../../machine/redquake-error.ts";

/**
 * Something is wrong with an adapter, not with redquake and not with the servers: the run ends, and decides nothing.
 */

export interface AdapterProblem {
  /** The file or the command. */
  readonly adapter: string;
  /** What it does, or is, that it must not: goes on after the adapter's name. */
  readonly problem: string;
  readonly remedy: string;
  /** What it threw, where it threw something: its stack is told. */
  readonly thrown?: unknown;
}

export class AdapterError extends RedquakeError {
  override readonly name = "AdapterError";
  readonly code = "REDQUAKE_ADAPTER";
  readonly origin = "call";

  constructor({ adapter, problem, remedy, thrown }: AdapterProblem) {
    const stack = thrown === undefined ? "" : `\n${indented(stackOf(thrown))}`;
    super(`the adapter ${adapter} ${problem}${stack}\n  → ${remedy}`, { cause: thrown });
  }
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error
    ? (thrown.stack ?? thrown.message)
    : `it threw ${JSON.stringify(thrown)}, not an Error`;
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}
