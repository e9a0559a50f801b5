/**
 * An adapter's contract put to the test: servers are started, and the adapter is tried on them in a process of its own.
 */
import { systemOf } from "../../systems/registry.ts";
import type { ConformanceCheck } from "../../workloads/adapter/conformance/check.ts";
import { adapterKindNamed } from "../../workloads/adapter-kinds.ts";
import type { AdapterFacts } from "../../workloads/adapter/kind.ts";
import type { AdapterSource } from "../../workloads/adapter/adapter-source.ts";
import { sourceName } from "../../workloads/adapter/adapter-source.ts";
import type { HostSource } from "../equipment/choose-host.ts";
import { HarnessError } from "../harness-error.ts";
import { runErrand } from "./run-errand.ts";
import { createTemporaryFolder } from "../run-folder.ts";

/** Each call has a deadline of its own; checks of what takes a minute to be taken over wait for minutes. */
const DEADLINE_MS = 600_000;

export interface TestAdapterOptions {
  readonly host: HostSource;
  readonly seed: number;
  /** Told each check as soon as it is made. */
  readonly seen: (check: ConformanceCheck) => void;
  /** Told what the adapter should not have done, one line each. */
  readonly say: (line: string) => void;
}

/** @throws AdapterFailedError when the adapter breaks its contract so that nothing more can be checked. */
export async function testAdapter(
  source: AdapterSource,
  facts: AdapterFacts,
  { host: chosen, seed, seen, say }: TestAdapterOptions,
): Promise<void> {
  if (facts.systems !== undefined && !facts.systems.some((kind) => kind === "single" || kind === "independent"))
    throw new HarnessError(
      `${facts.name} is for ${facts.systems.join(", ")}, and adapter-test has servers of Redis only`,
    );
  await using cleanUp = new AsyncDisposableStack();
  const temporary = createTemporaryFolder(`adapter-test of ${facts.name}`);
  cleanUp.defer(() => temporary.remove());
  const host = await chosen.open(temporary);
  cleanUp.defer(() => host.stop(undefined));
  const system = systemOf({ kind: "independent", options: { nodes: adapterKindNamed(facts.kind).testServers(facts) } });
  const nodes = await host.allocate(system.specs);
  await system.start(nodes);
  await runErrand(
    { kind: "conformance", source, endpoints: nodes.map(({ address }) => address), seed },
    {
      told: (message) => {
        if (message.kind === "check") seen(message.check);
        if (message.kind === "note") say(message.text);
      },
      deadlineMs: DEADLINE_MS,
      say,
      overdue: `the adapter ${sourceName(source)} has not come through its checks within ${DEADLINE_MS} ms`,
    },
  );
}
