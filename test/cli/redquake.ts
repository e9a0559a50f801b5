/** Runs the real command line as a process of its own. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { packageRoot } from "../../machine/package-root.ts";

export interface Ended {
  /** Exit code, or the signal that ended it. */
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export const leftOpen = Symbol("standard input is left open");

export interface RedquakeOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What comes on standard input; `leftOpen` leaves it to the test. Default: nothing. */
  readonly input?: string | Buffer | typeof leftOpen;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves as soon as standard error contains the text; rejects when the process ends without it. */
  sees(wanted: string): Promise<void>;
}

export function startRedquake(
  args: readonly string[],
  { cwd = packageRoot, env = {}, input }: RedquakeOptions = {},
): Started {
  const child = spawn(process.execPath, [join(packageRoot, "bin/redquake.js"), ...args], {
    cwd,
    env: { ...withoutColorRequests(process.env), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  if (input !== leftOpen) child.stdin.end(input);
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]).then(
    ([stdout, stderr, [code, signal]]) => ({ code: (code ?? signal) as Ended["code"], stdout, stderr }),
  );
  let seen = "";
  child.stderr.on("data", (chunk: Buffer) => (seen += chunk.toString()));
  const endedWithout = async (wanted: string): Promise<void> => {
    const { stderr } = await ended;
    if (!stderr.includes(wanted))
      throw new Error(`redquake ended without saying ${JSON.stringify(wanted)}, but:\n${stderr}`);
  };
  const sees = async (wanted: string): Promise<void> => {
    while (!seen.includes(wanted)) await Promise.race([once(child.stderr, "data"), endedWithout(wanted)]);
  };
  return { child, ended, sees };
}

export function redquake(args: readonly string[], options: RedquakeOptions = {}): Promise<Ended> {
  return startRedquake(args, options).ended;
}

/** The test runner asks its children for colours; people who pipe the output do not. */
function withoutColorRequests(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _force, NO_COLOR: _no, INIT_CWD: _folder, ...rest } = environment;
  return rest;
}
