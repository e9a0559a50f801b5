/** A whole topology of real servers, without proxies, and the context that faults act on. */
import type { SystemPlan } from "../../history/plan.ts";
import { Links } from "../../network/links.ts";
import { startToxiproxyProcess } from "../../network/toxiproxy-process.ts";
import type { System } from "../../systems/system.ts";
import { systemOf } from "../../systems/registry.ts";
import { SILENT } from "./fault-context.ts";
import type { TestContext } from "./fault-context.ts";
import { openProcessHost } from "./process-nodes.ts";
import type { TestHost } from "./process-nodes.ts";

export async function openSystemContext(
  plan: SystemPlan,
  open: () => Promise<TestHost> = openProcessHost,
): Promise<TestContext & { readonly system: System }> {
  const system = systemOf(plan);
  const [test, toxiproxy] = await Promise.all([open(), startToxiproxyProcess({ seed: 1 })]);
  const nodes = await test.host.allocate(system.specs);
  await system.start(nodes);
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return {
    system,
    test,
    toxiproxyUrl: toxiproxy.url,
    context: {
      nodes: byName,
      workers: new Map(),
      links: await Links.create(toxiproxy.url, []),
      primaries: () => system.primaries(nodes),
      history: SILENT,
    },
    node(name) {
      const node = byName.get(name);
      if (node === undefined) throw new Error(`no node ${name}`);
      return node;
    },
    async [Symbol.asyncDispose]() {
      await toxiproxy.stop();
      await test[Symbol.asyncDispose]();
    },
  };
}
