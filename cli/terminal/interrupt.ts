/**
 * What signals do. The first one asks for an orderly end; a second one says that the user does not want to wait for it.
 */
import { signalExitCode } from "../../session/exit-code.ts";
import { abandonRuns } from "../../session/runs/abandon-runs.ts";
import { say } from "./say.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Interrupt {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** The exit code that the first signal asks for; undefined while there was none. */
  exitCode(): number | undefined;
  [Symbol.dispose](): void;
}

/** Listens until it is disposed of. @param ending what the first signal leads to, in words. */
export function listenForInterrupt(ending = "healing the faults and saving the history"): Interrupt {
  const controller = new AbortController();
  let code: number | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    if (code === undefined) {
      code = signalExitCode(signal as (typeof SIGNALS)[number]);
      say(`${signal}: ${ending}; once more ends everything at once`);
      controller.abort();
    } else {
      const ended = code;
      void abandonRuns(say).finally(() => process.exit(ended));
    }
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    signal: controller.signal,
    exitCode: () => code,
    [Symbol.dispose]: () => {
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}
