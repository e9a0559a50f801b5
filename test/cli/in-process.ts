/**
 * Command lines in the process of the test: what they print, and how they end, without the start of a program for each.
 * One at a time; what is about the process itself, such as signals and standard input, needs `redquake.ts`.
 */
import { vi } from "vitest";
import { runCommandLine } from "../../cli/command-line.ts";
import { packageRoot } from "../../machine/package-root.ts";

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function commandLine(args: readonly string[], cwd: string = packageRoot): Promise<Answer> {
  const before = process.cwd();
  const stdout = collected(process.stdout);
  const stderr = collected(process.stderr);
  // The test runner asks for colours, and npm tells where it was called.
  for (const name of ["FORCE_COLOR", "NO_COLOR", "INIT_CWD"]) vi.stubEnv(name, undefined);
  process.chdir(cwd);
  try {
    const code = await runCommandLine(args);
    return { code, stdout: stdout.join(""), stderr: stderr.join("") };
  } finally {
    process.chdir(before);
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  }
}

/** What is written to a stream from now on, and does not reach it. */
function collected(stream: NodeJS.WriteStream): string[] {
  const pieces: string[] = [];
  vi.spyOn(stream, "write").mockImplementation((piece) => {
    pieces.push(String(piece));
    return true;
  });
  return pieces;
}
