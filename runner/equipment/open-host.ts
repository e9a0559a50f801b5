/** One host without a run, in a temporary folder that goes with it: for benchmarks and tests. */
import type { Comparator, Host } from "../../hosts/host.ts";
import { createTemporaryFolder } from "../run-folder.ts";
import type { HostOptions } from "./choose-host.ts";
import { chooseHost } from "./choose-host.ts";

export interface OpenHost extends AsyncDisposable {
  readonly host: Host;
  readonly folder: string;
}

/**
 * @param comparators what its nodes may run beside Redis
 * @throws what `chooseHost` throws.
 */
export async function openHost(options: HostOptions, comparators: readonly Comparator[] = []): Promise<OpenHost> {
  const source = await chooseHost(options);
  const temporary = createTemporaryFolder();
  const host = await source.open(temporary, comparators);
  return {
    host,
    folder: temporary.path,
    async [Symbol.asyncDispose]() {
      await host.stop(undefined);
      temporary.remove();
    },
  };
}
