/** A worker process that was given nothing to do yet, under the fault shim. */
import { join } from "node:path";
import { buildShim } from "../../hosts/shim/shim-build.ts";
import { cacheFolder } from "../../machine/cache-folder.ts";
import { ShimControl } from "../../hosts/shim/shim-control.ts";
import { createTemporaryFolder } from "../../runner/run-folder.ts";
import { WorkerProcess } from "../../runner/worker-process.ts";

export interface PlainWorker extends AsyncDisposable {
  readonly worker: WorkerProcess;
  /** A folder that goes with the worker. */
  readonly folder: string;
}

export async function startPlainWorker(name: string): Promise<PlainWorker> {
  const shim = await buildShim(cacheFolder());
  if (!("library" in shim)) throw new Error(shim.missing);
  const temporary = createTemporaryFolder();
  const control = ShimControl.create(join(temporary.path, `${name}.shim`));
  const worker = new WorkerProcess({
    name,
    environment: temporary.environment,
    note: () => undefined,
    logFile: join(temporary.path, `${name}.log`),
    shim: { control, library: shim.library },
  });
  return {
    worker,
    folder: temporary.path,
    async [Symbol.asyncDispose]() {
      await worker.kill();
      control.close();
      temporary.remove();
    },
  };
}
