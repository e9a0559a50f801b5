/** N separate masters that know nothing of each other, as Redlock wants them. */
import type { Node, NodeSpec } from "../hosts/host.ts";
import type { SystemPlan } from "../history/plan.ts";
import { HostError } from "../machine/host-error.ts";
import { WELCOMES } from "../network/protocol.ts";
import { numberOption, plannedConfig, VOLATILE } from "./config-lines.ts";
import type { System } from "./system.ts";
import { awaitWhole } from "./unsettled.ts";

export function independent(options: SystemPlan["options"]): System {
  const count = numberOption(options, "nodes", 5);
  const config = [...VOLATILE, ...plannedConfig(options)];
  const specs = Array.from({ length: count }, (_, i): NodeSpec => ({
    name: `n${i + 1}`,
    kind: "redis",
    config,
    bus: false,
    faulty: true,
  }));
  return {
    kind: "independent",
    specs,
    linked: () => false,
    start: async (nodes) => void (await Promise.all(nodes.map((node) => node.start({ keepData: false })))),
    primaries: (nodes: readonly Node[]) => Promise.resolve(nodes.map((node) => node.name)),
    settled: allAnswer,
  };
}

async function allAnswer(nodes: readonly Node[]): Promise<void> {
  const isWhole = async (): Promise<boolean> => {
    const down = nodes.find((node) => node.pid() === undefined);
    // Whoever is to start it has tried.
    if (down !== undefined) throw new HostError(`${down.name} is down`);
    const answers = await Promise.all(nodes.map((node) => node.greet()));
    return answers.every((answer, i) => answer === WELCOMES[nodes[i]?.protocol ?? "redis"]);
  };
  await awaitWhole("every server to answer", nodes, isWhole, async (node) => `answers ${await node.greet()}`);
}
