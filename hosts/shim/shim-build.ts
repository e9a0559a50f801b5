/** Compiles the fault shim for this machine, once. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeDraftFolder } from "../../machine/cache-folder.ts";
import { packageRoot } from "../../machine/package-root.ts";
import { ShimControl } from "./shim-control.ts";

export type ShimBuild = { readonly library: string } | { readonly missing: string };

const FLAGS = ["-shared", "-fPIC", "-O2", "-fvisibility=hidden"];
const REMEDY = "install a C compiler (`apt-get install gcc libc6-dev`, `dnf install gcc`, `apk add gcc musl-dev`)";

/**
 * Returns the path of the compiled shim inside `cacheFolder`, or one sentence that says why there is none and what to
 * do about it. A second call with the same source and compiler finds the first one's library. Builds may run side by
 * side.
 * @param environment `CC` names the compiler (with arguments, if need be), by default `cc`; `PATH` is where it is
 * looked for.
 * @throws HostError when the cache folder cannot be written.
 */
export async function buildShim(
  cacheFolder: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ShimBuild> {
  if (process.platform !== "linux")
    return { missing: `the fault shim works on Linux only, and this is ${process.platform}` };
  if (process.arch !== "x64" && process.arch !== "arm64") {
    return { missing: `the fault shim is for x64 and arm64 processors, and this is ${process.arch}` };
  }
  if (/[\s:]/.test(cacheFolder)) {
    return {
      missing: `the fault shim cannot be loaded from ${JSON.stringify(cacheFolder)}: set REDQUAKE_CACHE to a folder without spaces and colons in its path`,
    };
  }
  const [compiler, ...compilerArgs] = (environment["CC"] ?? "").split(/\s+/).filter((word) => word !== "");
  const command = compiler ?? "cc";
  const compile = (args: readonly string[]): Promise<Outcome> => run(command, [...compilerArgs, ...args], environment);

  const version = await compile(["--version"]);
  if (version.failure !== undefined) {
    return {
      missing: `the fault shim needs the C compiler ${command}, which does not run (${version.failure}): ${REMEDY}`,
    };
  }
  const source = sourceFile();
  const hash = createHash("sha256")
    .update(await readFile(source))
    .update([process.arch, command, ...compilerArgs, ...FLAGS, version.output].join("\0"));
  const library = join(cacheFolder, `redquake-shim-${hash.digest("hex").slice(0, 16)}.so`);
  if (existsSync(library)) return { library };

  const work = await makeDraftFolder(join(cacheFolder, ".shim-"));
  try {
    const built = join(work, basename(library));
    const build = await compile([...FLAGS, "-o", built, source]);
    if (build.failure !== undefined) {
      return { missing: `the fault shim cannot be compiled with ${command} (${build.failure}): ${REMEDY}` };
    }
    const refusal = await refusalToLoad(built, join(work, "control"));
    if (refusal !== undefined) return { missing: refusal };
    await rename(built, library);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { library };
}

/** Loads the library into a child process and sees whether it attached itself to a control file. */
async function refusalToLoad(library: string, controlFile: string): Promise<string | undefined> {
  const control = ShimControl.create(controlFile);
  try {
    const child = await run(process.execPath, ["--version"], { ...process.env, ...control.environment(library) });
    if (control.attached() > 0) return undefined;
    const said = child.failure ?? (child.errors || "it says nothing");
    return `the compiled fault shim is not loaded by the dynamic loader (${said}); if its folder is mounted noexec, set REDQUAKE_CACHE to another one`;
  } finally {
    control.close();
  }
}

/** The C source, which is published as it is. */
function sourceFile(): string {
  const file = join(packageRoot, "docker/shim/redquake-shim.c");
  if (!existsSync(file)) throw new Error(`the source of the fault shim is missing: ${file}; install redquake again`);
  return file;
}

interface Outcome {
  readonly output: string;
  readonly errors: string;
  /** Why the command did not end well, on one line. */
  readonly failure: string | undefined;
}

function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, args, { env: { ...environment, LC_ALL: "C" }, timeout: 120_000 }, (error, output, errors) => {
      const lines = errors.split("\n").filter((line) => line.trim() !== "");
      const line = lines.find((text) => text.includes("error")) ?? lines[0];
      const failure = error === null ? undefined : (line?.trim() ?? error.message);
      resolve({ output, errors: lines.join(" "), failure });
    });
  });
}
