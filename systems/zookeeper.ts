/**
 * ZooKeeper, to compare: one server, or an ensemble of several
 * (https://zookeeper.apache.org/doc/r3.8.0/zookeeperAdmin.html). Clients may ask any of them.
 */
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import type { Node, NodeSpec } from "../hosts/host.ts";
import type { SystemPlan } from "../history/plan.ts";
import { z } from "zod";
import { CONFIG, count, systemOptions } from "./config-lines.ts";
import { cannotElectOfTwo } from "./election.ts";
import type { System } from "./system.ts";
import { awaitWhole, runningAmong } from "./unsettled.ts";

/** In milliseconds. A session may be as short as two ticks, and is seen to be over at the end of a tick. */
const ZOOKEEPER_DEFAULTS = { nodes: 1, tickMs: 500 };

const ANSWER_MS = 2_000;

export const ZOOKEEPER_OPTIONS = z.strictObject({
  nodes: count.default(ZOOKEEPER_DEFAULTS.nodes).describe("how many servers the ensemble has"),
  tickMs: count.default(ZOOKEEPER_DEFAULTS.tickMs).describe("`tickTime`, in milliseconds"),
  ...CONFIG,
});

export function zookeeper(options: SystemPlan["options"]): System {
  const { nodes: servers, tickMs, ...own } = systemOptions("zookeeper", ZOOKEEPER_OPTIONS, options);
  const names = Array.from({ length: servers }, (_, i) => `n${i + 1}`);
  const ensemble = names.map((name, i) => `server.${i + 1}={host:${name}}:{bus-port:${name}}:{election-port:${name}}`);
  const config = [
    `tickTime=${tickMs}`,
    "initLimit=20",
    "syncLimit=4",
    ...(servers === 1 ? [] : ensemble),
    ...own.config,
  ];
  return {
    kind: "zookeeper",
    specs: names.map((name): NodeSpec => ({
      name,
      kind: "zookeeper",
      config,
      bus: servers > 1,
      ...(servers > 1 ? { extraPorts: ["election"] } : {}),
      faulty: true,
    })),
    linked: () => false,
    ...(servers === 1 ? {} : { unlinked: UNLINKED }),
    async start(nodes) {
      await Promise.all(nodes.map((node) => node.start({ keepData: false })));
      await oneLeader(nodes);
    },
    primaries: leadersAmong,
    settled: oneLeader,
    ...cannotElectOfTwo(servers),
  };
}

const UNLINKED =
  "only the leader of an ensemble listens for the others, so that nobody can tell a link that is cut from one that leads to a follower; pause or kill a server instead, or in Docker drop its packets";

/** What a server says of its part: `leader`, `follower`, `standalone`; `undefined` while it has none. */
async function modeOf(node: Node): Promise<string | undefined> {
  return /^Mode: (\w+)$/m.exec(await fourLetters(node, "srvr"))?.[1];
}

function isLeader(mode: string | undefined): boolean {
  return mode === "leader" || mode === "standalone";
}

/** The servers that answer and lead, be it themselves alone. */
async function leadersAmong(nodes: readonly Node[]): Promise<string[]> {
  const asked = await Promise.allSettled(nodes.map(modeOf));
  return nodes.flatMap((node, i) => {
    const mode = asked[i];
    return mode?.status === "fulfilled" && isLeader(mode.value) ? [node.name] : [];
  });
}

/** One running server leads, and all others follow. */
async function oneLeader(nodes: readonly Node[]): Promise<void> {
  const isWhole = async (): Promise<boolean> => {
    const modes = await Promise.all((await runningAmong(nodes)).map(modeOf));
    const whole = modes.every((mode) => isLeader(mode) || mode === "follower");
    return whole && modes.filter(isLeader).length === 1;
  };
  await awaitWhole(
    "the servers of ZooKeeper to have one leader",
    nodes,
    isWhole,
    async (node) => `is ${(await modeOf(node)) ?? "neither leader nor follower"}`,
  );
}

/**
 * Asks with a four-letter word, which is answered with a text and the end of the connection.
 * @throws Error when there is no answer in time.
 */
async function fourLetters({ address, name }: Node, word: "srvr"): Promise<string> {
  const socket = connect({ ...address, noDelay: true });
  const late = setTimeout(
    () => socket.destroy(new Error(`${name} did not answer ${word} within ${ANSWER_MS} ms`)),
    ANSWER_MS,
  );
  try {
    socket.write(word);
    return await text(socket);
  } finally {
    clearTimeout(late);
    socket.destroy();
  }
}
