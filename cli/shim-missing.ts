/** Whether campaigns that need the fault shim can run here. */
import { cacheFolder } from "../hosts/cache-folder.ts";
import { buildShim } from "../hosts/shim-build.ts";

/** Why they cannot, in one sentence; undefined where they can. Compiles the shim, unless that was done before. */
export async function shimMissing(): Promise<string | undefined> {
  const shim = await buildShim(cacheFolder());
  return "missing" in shim ? `skipped, as it needs the fault shim: ${shim.missing}` : undefined;
}
