/** Exit codes of the command line, and which of several outranks the others. */

export const EXIT = {
  wellDone: 0,
  promiseBroken: 1,
  undecided: 2,
  badArguments: 254,
  harnessFailed: 255,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * A broken promise must not hide behind anything; that the harness failed says more than that something is undecided.
 */
const WORST_FIRST: readonly ExitCode[] = [
  EXIT.promiseBroken,
  EXIT.harnessFailed,
  EXIT.badArguments,
  EXIT.undecided,
  EXIT.wellDone,
];

/** The code that speaks for all; 0 when there are none. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.wellDone;
}

/** What a shell reports for a process that a signal ended. */
export function signalExitCode(signal: "SIGINT" | "SIGTERM" | "SIGHUP"): number {
  return 128 + { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal];
}
