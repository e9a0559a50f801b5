/** Whether the fault shim really works here: a server that has loaded it is told another time, and asked for it. */
import type { ProcessHostOptions } from "../../hosts/process/process-host.ts";
import { ProcessHost } from "../../hosts/process/process-host.ts";
import { createTemporaryFolder } from "../run-folder.ts";

const SHIFT_MS = 3_600_000;
/** More than any question takes. */
const TOLERANCE_MS = 60_000;

/**
 * Starts a server for a moment. Returns what was wrong, or undefined when it showed the shifted clock.
 * @throws HostError when it does not start.
 */
export async function disproveShim(
  server: Omit<ProcessHostOptions, "folder" | "environment">,
  libraryPath: string | undefined,
): Promise<string | undefined> {
  const temporary = createTemporaryFolder("a trial of the fault shim");
  const host = new ProcessHost({
    ...server,
    folder: temporary.path,
    environment: {
      ...temporary.environment,
      ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
    },
  });
  try {
    const [node] = await host.allocate([
      { name: "n1", kind: "redis", config: ['save ""', "appendonly no"], bus: false, faulty: true },
    ]);
    if (node?.shim === undefined) return "it is not loaded";
    await node.start({ keepData: false });
    node.shim.setClock({ offsetMs: SHIFT_MS, ratePpm: 0 });
    const [seconds] = (await node.command("TIME")) as [string, string];
    const shiftMs = Number(seconds) * 1_000 - Date.now();
    if (Math.abs(shiftMs - SHIFT_MS) < TOLERANCE_MS) return undefined;
    return `a server whose clock was set ${SHIFT_MS / 1_000} s ahead is ${Math.round(shiftMs / 1_000)} s ahead`;
  } finally {
    await host.stop(undefined);
    temporary.remove();
  }
}
