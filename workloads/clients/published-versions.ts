/** Which versions of a package there are. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { HostError } from "../../machine/host-error.ts";

const TIMEOUT_MS = 60_000;
/** A package with one version has it as a text. */
const VERSIONS = z.union([z.array(z.string()), z.string().transform((only) => [only])]);

/**
 * As npm tells them, the oldest first.
 * @throws HostError naming the command that failed, and why.
 */
export async function publishedVersions(name: string): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)("npm", ["view", name, "versions", "--json"], { timeout: TIMEOUT_MS });
    return VERSIONS.parse(JSON.parse(stdout));
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string };
    const why = stderr.trim() === "" ? message : stderr.trim().split("\n").slice(0, 3).join(" ");
    throw new HostError(`the versions of ${name} are not known: \`npm view ${name} versions --json\` failed: ${why}`, {
      cause: error,
    });
  }
}
