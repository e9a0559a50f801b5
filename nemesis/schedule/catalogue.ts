/**
 * Which faults fit which system, for schedules that are drawn. They are chosen so that a promise stays one under each
 * of them, and under several:
 * - nothing that a server acknowledged is lost: servers are killed only where the system's configuration syncs every
 *   write to its append-only file,
 * - of independent servers, a minority at a time is disturbed,
 * - servers, and the links to them, are one lane: of two faults on them neither could be told from the other,
 * - wall clocks, by which keys expire, are moved only where that is asked for,
 * - clients are stopped and cut off, and come back.
 */
import type { SystemPlan } from "../../history/plan.ts";
import type { Random } from "../../history/random.ts";
import type { ScheduledKind } from "./seeded.ts";

/** Whom a drawn schedule may strike. */
export interface Scene {
  readonly system: SystemPlan;
  /** Workers; those that make the final reads are not among them. */
  readonly clients: readonly string[];
  /**
   * Also faults of wall clocks, under which no lock with a time to live is promised to be exclusive. They need the
   * fault shim. Default false.
   */
  readonly clocks?: boolean;
}

const SERVERS = "servers";
const CLIENTS = "clients";

/** @throws RangeError when there are no clients. */
export function faultsFor(scene: Scene): ScheduledKind[] {
  if (scene.clients.length === 0) throw new RangeError("a drawn schedule needs at least one client to strike");
  return [...faultsOfClients(scene), ...faultsOfLinks(scene), ...FAULTS_OF_SERVERS[scene.system.kind](scene)];
}

function faultsOfClients({ clients }: Scene): ScheduledKind[] {
  return [
    {
      name: "pause-client",
      kind: "pause",
      options: (random) => ({ target: random.pick(clients) }),
      weight: 3,
      durationMs: [200, 2_500],
      lane: CLIENTS,
    },
    {
      name: "stall-client",
      kind: "stall",
      options: (random) => ({ target: random.pick(clients), ms: random.integer(300, 1_500) }),
      weight: 1,
      // It ends by itself; healing only waits for that.
      durationMs: [300, 1_500],
      lane: CLIENTS,
    },
  ];
}

function faultsOfLinks({ system, clients }: Scene): ScheduledKind[] {
  const to = SERVERS;
  const client = (random: Random): { from: string; to: string } => ({ from: random.pick(clients), to });
  const link = { kind: "link", weight: 1, lane: SERVERS } as const;
  const loseReplies: ScheduledKind = {
    ...link,
    name: "lose-replies",
    options: (random) => ({ ...client(random), how: "lose-reply" }),
    durationMs: [200, 1_500],
  };
  // It is proved by what a Redis server tells of its clients.
  const isRedis = system.kind !== "etcd" && system.kind !== "zookeeper";
  return [
    {
      ...link,
      name: "cut-client",
      options: (random) => ({ ...client(random), how: random.pick(["hold", "drop", "reset", "down"]) }),
      weight: 3,
      durationMs: [200, 2_500],
    },
    ...(isRedis ? [loseReplies] : []),
    {
      ...link,
      name: "slow-network",
      options: (random) => ({
        from: [...clients],
        to,
        how: "latency",
        latencyMs: random.integer(20, 100),
        jitterMs: 10,
      }),
      durationMs: [500, 3_000],
    },
    {
      ...link,
      name: "flaky-client",
      kind: "flaky",
      options: (random) => ({
        ...client(random),
        how: random.pick(["down", "hold"]),
        seed: random.integer(1, 1_000_000),
        closedMs: [300, 500],
        openMs: [100, 400],
      }),
      durationMs: [800, 2_500],
    },
  ];
}

const FAULTS_OF_SERVERS: Readonly<Record<SystemPlan["kind"], (scene: Scene) => ScheduledKind[]>> = {
  single: (scene) => faultsOfParts(scene, () => ["n1"]),
  independent: (scene) => {
    const names = numbered("n", numberOf(scene.system, "nodes", 5));
    const largest = Math.ceil(names.length / 2) - 1;
    if (largest < 1) return [];
    const minority = (random: Random): string[] => random.shuffled(names).slice(0, random.integer(1, largest)).sort();
    return [...faultsOfParts(scene, minority), cutOff("cut-minority", minority)];
  },
  sentinel: ({ system, clients }) => {
    const sentinels = numbered("s", numberOf(system, "sentinels", 3));
    return [
      pauseOf("pause-primary", () => ["primary"]),
      pauseOf("pause-sentinel", (random) => [random.pick(sentinels)]),
      isolating("isolate-primary", clients, () => ({ shape: "isolate-primary" })),
      isolating("cut-replicas", [], () => ({ shape: "primary-from-replicas" })),
      isolating("cut-sentinels", [], () => ({ shape: "sentinels-from-primary" })),
    ];
  },
  etcd: (scene) => faultsOfMembers(scene),
  zookeeper: (scene) => faultsOfMembers(scene),
  cluster: ({ system, clients }) => {
    const names = numbered("n", numberOf(system, "primaries", 3) * (1 + numberOf(system, "replicasEach", 1)));
    return [
      pauseOf("pause-server", (random) => [random.pick(names)]),
      isolating("isolate-server", clients, (random) => ({ shape: "isolate-node", node: random.pick(names) })),
    ];
  },
};

/** Faults of servers that force everything to disk before they acknowledge it, and go on without some of them. */
function faultsOfMembers({ system }: Scene): ScheduledKind[] {
  const names = numbered("n", numberOf(system, "nodes", 1));
  const one = (random: Random): string[] => [random.pick(names)];
  return [pauseOf("pause-server", one), killOf(one)];
}

/** Faults of servers that know nothing of each other; `part` draws which of them. */
function faultsOfParts({ system, clocks = false }: Scene, part: (random: Random) => string[]): ScheduledKind[] {
  const jump: ScheduledKind = {
    name: "clock-jump",
    kind: "clock-jump",
    options: (random) => ({ target: part(random), offsetMs: random.pick([-1, 1]) * random.integer(1_000, 60_000) }),
    weight: 1,
    durationMs: [200, 2_000],
    lane: SERVERS,
  };
  return [pauseOf("pause-server", part), ...(isDurable(system) ? [killOf(part)] : []), ...(clocks ? [jump] : [])];
}

function pauseOf(name: string, part: (random: Random) => string[]): ScheduledKind {
  return {
    name,
    kind: "pause",
    options: (random) => ({ target: part(random) }),
    weight: 2,
    durationMs: [200, 2_500],
    lane: SERVERS,
  };
}

function killOf(part: (random: Random) => string[]): ScheduledKind {
  return {
    name: "kill-server",
    kind: "kill",
    options: (random) => ({ target: part(random), keepData: true }),
    weight: 2,
    durationMs: [200, 1_500],
    lane: SERVERS,
  };
}

function cutOff(name: string, part: (random: Random) => string[]): ScheduledKind {
  return {
    name,
    kind: "partition",
    options: (random) => ({ groups: [part(random), ["rest"]], how: random.pick(["hold", "drop", "down"]) }),
    weight: 2,
    durationMs: [500, 3_000],
    lane: SERVERS,
  };
}

/** Long enough for a failover, which begins when a node has been silent for a second or more. */
function isolating(
  name: string,
  clients: readonly string[],
  shape: (random: Random) => { shape: string; node?: string },
): ScheduledKind {
  return {
    name,
    kind: "partition",
    options: (random) => {
      const companions = clients.filter(() => random.integer(0, 1) === 1);
      return { ...shape(random), ...(companions.length === 0 ? {} : { with: companions }) };
    },
    weight: 2,
    durationMs: [1_000, 5_000],
    lane: SERVERS,
  };
}

/** Whether whatever the servers acknowledged is on disk. */
function isDurable({ options }: SystemPlan): boolean {
  const config = options["config"];
  const has = (line: string): boolean => Array.isArray(config) && config.includes(line);
  return has("appendonly yes") && has("appendfsync always");
}

function numbered(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
}

function numberOf({ options }: SystemPlan, name: string, fallback: number): number {
  const value = options[name];
  return typeof value === "number" ? value : fallback;
}
