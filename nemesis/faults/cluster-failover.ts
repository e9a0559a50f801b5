/**
 * A manual failover in a Cluster (https://redis.io/docs/latest/commands/cluster-failover/): the replica of option
 * `target` takes the slots of its primary. Option `mode`: `plain` (the default: the primary holds its clients until the
 * replica has all data), `force` (without the primary's consent), `takeover` (without anybody's). It stays so, unless
 * option `back` is true: then the former primary takes them back when the fault heals.
 */
import { z } from "zod";
import { flag, names, text } from "../fault-options.ts";
import { awaitCondition } from "../../machine/await-condition.ts";
import type { Node } from "../../hosts/host.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { Action, order } from "../administration.ts";
import {
  CHANGE_TIMEOUT_MS,
  clusterOnly,
  isPrimary,
  memberNamed,
  membersSights,
  myself,
  ownerOf,
  probeAgreement,
  roleOf,
  sightOf,
} from "../cluster/cluster.ts";
import type { FaultContext, FaultKind, FaultOptions } from "../fault.ts";
import { flagOption, choiceOption, resolveNode } from "../targets.ts";

const MODES = ["plain", "force", "takeover"] as const;

export const clusterFailover = {
  kind: "cluster-failover",
  options: z.strictObject({ target: names, mode: text.optional(), back: flag.optional() }),
  async prepare(context, options: FaultOptions) {
    const look = clusterOnly(context, "cluster-failover");
    const mode = choiceOption(options, "mode", MODES, "plain");
    const back = flagOption(options, "back");
    const target = await resolveNode(context, options, "target");
    const view = await sightOf(context, target);
    const replica = memberNamed(view, target.name);
    const former = view.find(({ id }) => id === replica?.primary);
    const slots = former?.slots ?? [];
    const action = new Action();
    const title = `CLUSTER FAILOVER${mode === "plain" ? "" : ` ${mode.toUpperCase()}`} on ${target.name}`;
    return {
      target: [target.name, ...(former?.name === undefined ? [] : [former.name])],
      title,
      detail: { mode, from: former?.name ?? null, to: target.name },
      inject: () => action.take(() => failOver(context, target, mode)),
      probe: async () => action.told(await probePromoted(context, target, slots)),
      heal: () =>
        action.take(async () => {
          await context.topology.settled();
          const node = context.nodes.get(former?.name ?? "");
          if (!back || node === undefined || isPrimary(myself(await look(node)))) return;
          await failOver(context, node, "plain");
          await context.topology.settled();
        }),
      probeHealed: async () => action.told(await probeAgreement(context)),
    };
  },
} satisfies FaultKind;

/** Resolves when the node calls itself primary of something. */
async function failOver(context: FaultContext, node: Node, mode: (typeof MODES)[number]): Promise<void> {
  const look = clusterOnly(context, "cluster-failover");
  await order(node, "CLUSTER", "FAILOVER", ...(mode === "plain" ? [] : [mode.toUpperCase()]));
  await awaitCondition(`${node.name} to take its primary's slots`, CHANGE_TIMEOUT_MS, async () => {
    const self = myself(await look(node));
    return isPrimary(self) && self.slots.length > 0 ? true : undefined;
  });
}

/** The node is a primary and itself sees that it owns these slots; who else sees so is told. */
async function probePromoted(
  context: FaultContext,
  node: Node,
  slots: readonly (readonly [number, number])[],
): Promise<ProbeResult> {
  const role = await roleOf(node);
  const firsts = slots.map(([first]) => first);
  const all = await membersSights(context);
  const agreeing = all
    .filter(({ view }) => memberNamed(view, node.name) !== undefined)
    .filter(({ view }) => firsts.length > 0 && firsts.every((slot) => ownerOf(view, slot) === node.name))
    .map(({ observer }) => observer.name);
  const ranges = slots.map(([first, last]) => `${first}-${last}`).join(" ") || "no slots of a former primary";
  const seenBy = agreeing.length === 0 ? "nobody" : agreeing.join(", ");
  return {
    ok: role === "master" && agreeing.includes(node.name),
    saw: `ROLE of ${node.name} is ${role}; that it owns ${ranges} is seen by ${seenBy}, of ${all.length} members that answer`,
  };
}
