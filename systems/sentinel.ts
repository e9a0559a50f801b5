/**
 * One primary, its replicas, and the sentinels that watch them
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/).
 */
import { createHash } from "node:crypto";
import { awaitCondition } from "../machine/await-condition.ts";
import type { Node, NodeSpec } from "../hosts/host.ts";
import type { SystemPlan } from "../history/plan.ts";
import { z } from "zod";
import { CONFIG, count, REPLICATED, systemOptions } from "./config-lines.ts";
import { primariesAmong, replication } from "./replication.ts";
import type { System } from "./system.ts";
import { awaitWhole, FORM_TIMEOUT_MS, runningAmong } from "./unsettled.ts";

/** The name under which the sentinels know the primary. */
export const SENTINEL_GROUP = "redquake";

export const SENTINEL_DEFAULTS = { replicas: 2, sentinels: 3, downAfterMs: 1_000, failoverTimeoutMs: 3_000 };

export const SENTINEL_OPTIONS = z.strictObject({
  replicas: count.default(SENTINEL_DEFAULTS.replicas).describe("how many replicas the primary has"),
  sentinels: count
    .default(SENTINEL_DEFAULTS.sentinels)
    .describe("how many sentinels watch it; most of them must agree"),
  downAfterMs: count.default(SENTINEL_DEFAULTS.downAfterMs).describe("`down-after-milliseconds` of the first sentinel"),
  failoverTimeoutMs: count.default(SENTINEL_DEFAULTS.failoverTimeoutMs).describe("`failover-timeout`, in milliseconds"),
  ...CONFIG,
});

/**
 * How much later than the one before it each sentinel takes a silent primary for down. Were they all to do so in the
 * same moment, as on a machine where all wait for the same processor, each would vote for itself, and the next election
 * would come only after twice the failover timeout.
 */
export const DOWN_AFTER_STEP_MS = 300;

export function sentinel(options: SystemPlan["options"]): System {
  const { replicas, sentinels, downAfterMs, failoverTimeoutMs, ...own } = systemOptions(
    "sentinel",
    SENTINEL_OPTIONS,
    options,
  );
  const quorum = Math.floor(sentinels / 2) + 1;
  const config = [...REPLICATED, ...own.config];
  const replicaNames = Array.from({ length: replicas }, (_, i) => `n${i + 2}`);
  const sentinelNames = Array.from({ length: sentinels }, (_, i) => `s${i + 1}`);

  const specs: NodeSpec[] = [
    { name: "n1", kind: "redis", config, bus: false, faulty: true },
    ...replicaNames.map((name): NodeSpec => ({
      name,
      kind: "redis",
      config: [...config, "replicaof {host:n1} {port:n1}"],
      bus: false,
      faulty: true,
    })),
    ...sentinelNames.map((name, i): NodeSpec => ({
      name,
      kind: "sentinel",
      bus: false,
      faulty: true,
      config: sentinelConfig(name, downAfterMs + i * DOWN_AFTER_STEP_MS),
    })),
  ];

  /**
   * Everybody is introduced at once; otherwise they would find each other by messages that are sent every two seconds.
   */
  function sentinelConfig(name: string, downMs: number): string[] {
    const group = SENTINEL_GROUP;
    return [
      `sentinel myid ${sentinelId(name)}`,
      `sentinel monitor ${group} {host:n1} {port:n1} ${quorum}`,
      `sentinel down-after-milliseconds ${group} ${downMs}`,
      `sentinel failover-timeout ${group} ${failoverTimeoutMs}`,
      `sentinel parallel-syncs ${group} ${replicas}`,
      ...replicaNames.map((replica) => `sentinel known-replica ${group} {host:${replica}} {port:${replica}}`),
      ...sentinelNames
        .filter((other) => other !== name)
        .map((other) => `sentinel known-sentinel ${group} {host:${other}} {port:${other}} ${sentinelId(other)}`),
    ];
  }

  const data = (nodes: readonly Node[]): Node[] => nodes.filter((node) => node.spec.kind === "redis");
  const watchers = (nodes: readonly Node[]): Node[] => nodes.filter((node) => node.spec.kind === "sentinel");

  return {
    kind: "sentinel",
    specs,
    sentinelGroup: SENTINEL_GROUP,
    // A server never connects to a sentinel.
    linked: (from, to) => !(from.kind === "redis" && to.kind === "sentinel"),
    async start(nodes) {
      await Promise.all(data(nodes).map((node) => node.start({ keepData: false })));
      // The replicas' copies must be complete before a sentinel takes its first look, as it looks again only after ten
      // seconds.
      await awaitCondition("the replicas to be linked to n1", FORM_TIMEOUT_MS, () => linkedToOnePrimary(data(nodes)));
      await Promise.all(watchers(nodes).map((node) => node.start({ keepData: false })));
      await awaitCondition("the sentinels to agree on n1", FORM_TIMEOUT_MS, async () => {
        const answers = await Promise.all(
          watchers(nodes).map((node) => node.command("SENTINEL", "CKQUORUM", SENTINEL_GROUP)),
        );
        return answers.every((answer) => String(answer).startsWith(`OK ${sentinels} usable`)) ? true : undefined;
      });
    },
    primaries: (nodes) => primariesAmong(data(nodes)),
    async settled(nodes) {
      const isWhole = async (): Promise<boolean> => {
        const primary = await linkedToOnePrimary(data(nodes));
        if (primary === undefined) return false;
        const ports = await Promise.all((await runningAmong(watchers(nodes))).map(namedPort));
        if (ports.length === 0 && sentinels > 0) return false;
        return ports.every((port) => port === primary.address.port);
      };
      await awaitWhole("one primary with all its replicas, which all sentinels name", nodes, isWhole, async (node) => {
        const at = (port: number | undefined): string =>
          nodes.find(({ address }) => address.port === port)?.name ?? "nobody of this run";
        if (node.spec.kind === "sentinel") return `names ${at(await namedPort(node))}`;
        const { role, primary } = await replication(node);
        if (role === "master") return "calls itself primary";
        return `replicates ${at(primary?.port)}${primary?.linked === true ? "" : ", without a link"}`;
      });
    },
    ...cannotElect(replicas, sentinels),
  };
}

function cannotElect(replicas: number, sentinels: number): Pick<System, "cannotElect"> {
  if (replicas === 0)
    return { cannotElect: { because: "the primary has no replica", remedy: "give the system replicas: 1 or more" } };
  if (sentinels === 0)
    return { cannotElect: { because: "there is no sentinel", remedy: "give the system sentinels: 3" } };
  return {};
}

/** The port of the server that a sentinel names as primary. */
async function namedPort(sentinel: Node): Promise<number | undefined> {
  const address = await sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", SENTINEL_GROUP);
  return Array.isArray(address) ? Number(address[1]) : undefined;
}

/** The one primary that every other running node replicates, or undefined while there is none. */
async function linkedToOnePrimary(nodes: readonly Node[]): Promise<Node | undefined> {
  const running = await runningAmong(nodes);
  const states = await Promise.all(running.map((node) => replication(node)));
  const primaries = running.filter((_, i) => states[i]?.role === "master");
  const primary = primaries[0];
  if (primary === undefined || primaries.length > 1) return undefined;
  const whole = states.every(
    (state) =>
      state.role === "master" || (state.primary?.linked === true && state.primary.port === primary.address.port),
  );
  return whole ? primary : undefined;
}

function sentinelId(name: string): string {
  return createHash("sha1").update(`redquake sentinel ${name}`).digest("hex");
}
