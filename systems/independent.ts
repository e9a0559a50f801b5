/** N separate masters that know nothing of each other, as Redlock wants them. */
import type { Node, NodeSpec } from "../hosts/host.ts";
import type { SystemPlan } from "../history/plan.ts";
import { HostError } from "../machine/host-error.ts";
import { WELCOMES } from "../network/protocol.ts";
import { z } from "zod";
import { CONFIG, count, systemOptions, VOLATILE } from "./config-lines.ts";
import type { System } from "./system.ts";
import { awaitWhole } from "./unsettled.ts";

export const INDEPENDENT_OPTIONS = z.strictObject({
  nodes: count.default(5).describe("how many masters there are"),
  ...CONFIG,
});

export function independent(options: SystemPlan["options"]): System {
  return servers("independent", systemOptions("independent", INDEPENDENT_OPTIONS, options));
}

/** So many servers, each by itself. */
export function servers(
  kind: "independent" | "single",
  { nodes: total, config: planned }: { readonly nodes: number; readonly config: readonly string[] },
): System {
  const config = [...VOLATILE, ...planned];
  const specs = Array.from({ length: total }, (_, i): NodeSpec => ({
    name: `n${i + 1}`,
    kind: "redis",
    config,
    bus: false,
    faulty: true,
  }));
  return {
    kind,
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
    // The one that is to start it has tried.
    if (down !== undefined) throw new HostError(`${down.name} is down`);
    const answers = await Promise.all(nodes.map((node) => node.greet()));
    return answers.every((answer, i) => answer === WELCOMES[nodes[i]?.protocol ?? "redis"]);
  };
  await awaitWhole("every server to answer", nodes, isWhole, async (node) => `answers ${await node.greet()}`);
}
