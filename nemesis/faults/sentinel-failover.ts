/**
 * A planned failover (`SENTINEL FAILOVER`, https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/): a
 * sentinel (option `via`, the first one unless told) promotes a replica without asking the others. The former primary
 * goes on as one until it is told. It stays so, unless option `back` is true: then another failover, which prefers the
 * former primary, follows when the fault heals.
 */
import { z } from "zod";
import { flag, names } from "../fault-options.ts";
import { awaitCondition } from "../../machine/await-condition.ts";
import type { Node } from "../../hosts/host.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { Action, order, Refusal } from "../administration.ts";
import type { FaultContext, FaultKind } from "../fault.ts";
import { flagOption, resolveNames, resolveNode } from "../targets.ts";

/**
 * A sentinel asks every server for its state at least every ten seconds (INFO), and only then knows of a new priority.
 */
const INFO_TIMEOUT_MS = 20_000;
const FAILOVER_TIMEOUT_MS = 15_000;
const PREFERRED = 1;

export const sentinelFailover = {
  kind: "sentinel-failover",
  options: z.strictObject({ via: names.optional(), back: flag.optional() }),
  async prepare(context, options) {
    const group = context.topology.sentinelGroup;
    if (group === undefined)
      throw new TypeError(
        `the fault sentinel-failover needs the system sentinel, and this one is ${context.topology.kind}`,
      );
    const [first = ""] = await resolveNames(context, ["sentinels"]);
    const via = await resolveNode(context, { via: first, ...options }, "via");
    if (via.spec.kind !== "sentinel")
      throw new TypeError(`the fault's option "via" must name a sentinel, and ${via.name} is a server`);
    const back = flagOption(options, "back");
    const [former] = await context.primaries();
    const action = new Action();
    let promoted: string | undefined;
    const named = (sentinel: Node): Promise<string | undefined> => namedBy(context, sentinel, group);

    /** Resolves when this sentinel names another primary than `from`, and that one says so too. */
    async function failOver(from: string): Promise<void> {
      await order(via, "SENTINEL", "FAILOVER", group ?? "");
      promoted = await awaitCondition(`${via.name} to promote another than ${from}`, FAILOVER_TIMEOUT_MS, async () => {
        const name = await named(via);
        return name !== undefined && name !== from && (await roleOf(context, name)) === "master" ? name : undefined;
      });
    }

    async function failBack(): Promise<void> {
      const node = context.nodes.get(former ?? "");
      const from = await named(via);
      if (node === undefined || from === undefined || from === former) return;
      const [, priority] = (await order(node, "CONFIG", "GET", "replica-priority")) as [string, string];
      await order(node, "CONFIG", "SET", "replica-priority", PREFERRED);
      try {
        await awaitCondition(`${via.name} to prefer ${former}`, INFO_TIMEOUT_MS, async () =>
          (await preferredBy(context, via, group ?? "")) === former ? true : undefined,
        );
        await failOver(from);
      } finally {
        await order(node, "CONFIG", "SET", "replica-priority", priority);
      }
      await context.topology.settled();
    }

    return {
      target: [...(former === undefined ? [] : [former]), via.name],
      title: `SENTINEL FAILOVER on ${via.name}`,
      get detail() {
        return { from: former ?? null, to: promoted ?? null };
      },
      inject: () =>
        action.take(async () => {
          if (former === undefined) throw new Refusal("no node called itself primary, so there was none to replace");
          await failOver(former);
        }),
      probe: async () => action.told(await probeElsewhere(context, via, former, named)),
      heal: () =>
        action.take(async () => {
          await context.topology.settled();
          if (back) await failBack();
        }),
      probeHealed: async () => action.told(await probeOne(context, named)),
    };
  },
} satisfies FaultKind;

/** The sentinel names another primary, which says so of itself. */
async function probeElsewhere(
  context: FaultContext,
  via: Node,
  former: string | undefined,
  named: (sentinel: Node) => Promise<string | undefined>,
): Promise<ProbeResult> {
  const name = await named(via);
  const role = name === undefined ? undefined : await roleOf(context, name);
  const primaries = await context.primaries();
  return {
    ok: former !== undefined && name !== undefined && name !== former && role === "master",
    saw: `${via.name} names ${name ?? "nobody of this run"}, whose ROLE is ${role ?? "unknown"}; all who call themselves primary: ${primaries.join(", ") || "nobody"}`,
  };
}

/** There is one primary, and all sentinels name it. */
async function probeOne(
  context: FaultContext,
  named: (sentinel: Node) => Promise<string | undefined>,
): Promise<ProbeResult> {
  const primaries = await context.primaries();
  const sentinels = [...context.nodes.values()].filter((node) => node.spec.kind === "sentinel");
  const names = await Promise.all(sentinels.map(named));
  return {
    ok: primaries.length === 1 && names.every((name) => name === primaries[0]),
    saw: `primaries are ${primaries.join(", ") || "none"}; ${sentinels.map(({ name }, i) => `${name} names ${names[i] ?? "nobody of this run"}`).join(", ")}`,
  };
}

/** Ports are unique in a run. */
function nameAt(context: FaultContext, port: unknown): string | undefined {
  return [...context.nodes.values()].find((node) => node.address.port === Number(port))?.name;
}

async function namedBy(context: FaultContext, sentinel: Node, group: string): Promise<string | undefined> {
  const address = await sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", group);
  return Array.isArray(address) ? nameAt(context, address[1]) : undefined;
}

/** The replica that this sentinel has seen to have the preferred priority. */
async function preferredBy(context: FaultContext, sentinel: Node, group: string): Promise<string | undefined> {
  const replicas = (await sentinel.command("SENTINEL", "REPLICAS", group)) as string[][];
  const fields = replicas.map((flat) => new Map(flat.map((text, i) => [text, flat[i + 1]])));
  return nameAt(context, fields.find((each) => each.get("slave-priority") === String(PREFERRED))?.get("port"));
}

async function roleOf(context: FaultContext, name: string): Promise<string> {
  const [role] = ((await context.nodes.get(name)?.command("ROLE")) ?? []) as string[];
  return role ?? "unknown";
}
