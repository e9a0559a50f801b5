/** Each step of a night is a process of its own, with an exit code of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { compiledFile } from "../../machine/compiled.ts";
import type { ExitCode } from "../exit-code.ts";
import { EXIT } from "../exit-code.ts";
import type { Step } from "./night.ts";

/** Resolves with the exit code of the step. */
export type RunStep = (step: Step) => Promise<ExitCode>;

/** What a signal ended, ends the night too. */
class StepInterrupted extends Error {
  override readonly name = "StepInterrupted";
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`interrupted (${exitCode})`);
    this.exitCode = exitCode;
  }
}

/**
 * Resolves with the exit code of `body`, or with that of the signal that ended one of its steps.
 * @param notice told each step before it begins
 */
export async function withSteps(
  notice: (line: string) => void,
  body: (run: RunStep) => Promise<ExitCode>,
): Promise<number> {
  try {
    return await body((step) => {
      notice(`redquake ${step.join(" ")}`);
      return runStep(step);
    });
  } catch (error) {
    if (error instanceof StepInterrupted) return error.exitCode;
    throw error;
  }
}

async function runStep(step: Step): Promise<ExitCode> {
  const child = spawn(process.execPath, [compiledFile("cli/main.js"), ...step], { stdio: "inherit" });
  // The terminal's Ctrl-C reaches the step too, so it is only waited for; SIGTERM and SIGHUP are handed on.
  const handOn = (signal: NodeJS.Signals): void => void (signal === "SIGINT" || child.kill(signal));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, handOn);
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  for (const each of signals) process.off(each, handOn);
  const ended = code ?? 128 + constants.signals[signal ?? "SIGKILL"];
  const known = Object.values(EXIT).find((each) => each === ended);
  if (known === undefined) throw new StepInterrupted(ended);
  return known;
}

/** Runs steps until one of them fails as a harness; the code of the last one that ran. */
export async function runSteps(steps: readonly Step[], run: RunStep): Promise<ExitCode> {
  let code: ExitCode = EXIT.wellDone;
  for (const step of steps) {
    code = await run(step);
    if (code === EXIT.harnessFailed || code === EXIT.badArguments) break;
  }
  return code;
}
