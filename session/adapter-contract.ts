/** An adapter put through its contract on real servers, without any fault. */
import { userFolder } from "../machine/user-folder.ts";
import { assertTemporaryWritable } from "../runner/assert-writable.ts";
import { chooseHost } from "../runner/equipment/choose-host.ts";
import { cleanUp } from "../runner/equipment/clean.ts";
import { describeAdapter } from "../runner/errand/describe-adapter.ts";
import { testAdapter } from "../runner/errand/test-adapter.ts";
import { installAdapter } from "../runner/plan/install-libraries.ts";
import type { AdapterFacts } from "../workloads/adapter/kind.ts";
import { SHELVES } from "../workloads/adapter-kinds.ts";
import { adapterSource } from "../workloads/adapter/adapter-source.ts";
import type { ConformanceCheck } from "../workloads/adapter/conformance/check.ts";
import type { HostChoice } from "./servers/wanted-redis.ts";
import { wantedRedis } from "./servers/wanted-redis.ts";

export interface ContractOptions {
  readonly host: HostChoice;
  readonly redis?: string | undefined;
  /** The seed of the adapter's randomness. */
  readonly seed: number;
  readonly notice: (sentence: string) => void;
  /** Told each check as soon as it is done. */
  readonly seen: (check: ConformanceCheck) => void;
}

export interface TestedContract {
  readonly adapter: AdapterFacts;
  readonly checks: readonly ConformanceCheck[];
}

/**
 * @param named a module's file, a library, or `command: …`
 * @throws AdapterError, AdapterFailedError when the adapter cannot be used; HostError when its package cannot be
 * installed.
 */
export async function testContract(named: string, options: ContractOptions): Promise<TestedContract> {
  const { seed, notice: say } = options;
  const source = adapterSource(named, userFolder(), SHELVES);
  // Before any server is started.
  assertTemporaryWritable();
  await installAdapter(source);
  const adapter = await describeAdapter(source, say);
  await cleanUp({ say });
  const host = await chooseHost({ host: options.host, redis: wantedRedis(options.redis, options.host), say });
  const checks: ConformanceCheck[] = [];
  const seen = (check: ConformanceCheck): void => {
    checks.push(check);
    options.seen(check);
  };
  await testAdapter(source, adapter, { host, seed, seen, say });
  return { adapter, checks };
}
