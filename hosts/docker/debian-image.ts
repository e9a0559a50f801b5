/** Images of nothing but Debian's packages, by mmdebstrap: for where no image can be pulled. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { ContainerRuntime } from "./container-runtime.ts";
import { HostError } from "../../machine/host-error.ts";

const MMDEBSTRAP_REMEDY = "run `apt-get install --no-install-recommends mmdebstrap` as root, or pull the base image";

export interface DebianBase {
  readonly release: string;
  /** One package, or several with commas between them. */
  readonly package: string;
}

/** Makes an image of a release and a package of it. @throws HostError naming what could not be done, and the remedy. */
export async function makeBase(runtime: ContainerRuntime, name: string, debian: DebianBase): Promise<void> {
  const args = ["--quiet", "--variant=minbase", `--include=${debian.package}`, debian.release, "-"];
  const child = spawn("mmdebstrap", args, { stdio: ["ignore", "pipe", "pipe"] });
  const problem = new Promise<string | undefined>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "ENOENT" ? "it is not installed" : error.message),
    );
    void Promise.all([text(child.stderr), once(child, "exit")]).then(
      ([errors, [code]]) => resolve(code === 0 ? undefined : errors.trim().split("\n").slice(-3).join(" ")),
      (error: Error) => resolve(error.message),
    );
  });
  const [imported, failure] = await Promise.all([
    runtime.importImage(name, child.stdout).then(
      () => undefined,
      (error: Error) => error,
    ),
    problem,
  ]);
  // A cut-off archive may have been imported all the same; why it was cut off comes first.
  if (failure !== undefined) {
    throw new HostError(`mmdebstrap could not make ${name} (${failure}): ${MMDEBSTRAP_REMEDY}`, { cause: imported });
  }
  if (imported !== undefined) throw imported;
}
