/** Modules of the user's own, loaded into this process. */
import { pathToFileURL } from "node:url";
import { shareModules } from "./shared-modules.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Each value that the module exports, once, in the order of its names.
 * @param file absolute
 * @param named as the user named it
 * @throws UsageError with the stack of what stood in the way.
 */
export async function loadModule(file: string, named = file): Promise<readonly unknown[]> {
  shareModules();
  try {
    return [...new Set(Object.values((await import(pathToFileURL(file).href)) as Record<string, unknown>))];
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new UsageError(`${JSON.stringify(named)} cannot be loaded: ${reason}`, { cause: error });
  }
}
