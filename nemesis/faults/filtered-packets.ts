/**
 * Rules in the networks of several nodes, from the moment when they are put in force to the proof that they are gone.
 */
import type { PacketCount, PacketDirection, PacketRules } from "../../hosts/packets.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { Json } from "../../history/operation.ts";
import { pingTraffic } from "../../network/ping-traffic.ts";
import type { Traffic, TrafficCount } from "../../network/ping-traffic.ts";
import type { FaultContext } from "../fault.ts";
import type { Knock, PacketPlace, PlacedRule } from "../probes/packet-places.ts";

const PATIENCE_MS = 5_000;

/** What a rule has done so far, and where. */
export interface RuleCount extends PacketCount {
  readonly placed: PlacedRule;
  /** Such as `n1 incoming from n2 (10.213.0.1:4711)`. */
  readonly words: string;
  /** Why the rule cannot be seen at work now, or undefined where it can. */
  readonly hidden: string | undefined;
}

interface InForce {
  readonly place: PacketPlace;
  readonly placed: readonly PlacedRule[];
  readonly rules: PacketRules;
}

export class FilteredPackets {
  readonly #context: FaultContext;
  readonly #places: readonly PacketPlace[];
  #inForce: InForce[] = [];
  #removed: ("removed" | "gone")[] = [];
  #lost: { readonly [rule: string]: Json } = {};

  constructor(context: FaultContext, places: readonly PacketPlace[]) {
    this.#context = context;
    this.#places = places;
  }

  /** The most connections that any node's rules are about. */
  get mostKnocks(): number {
    return Math.max(...this.#places.map((place) => knocksOf(place).length));
  }

  get isInForce(): boolean {
    return this.#inForce.length > 0;
  }

  /** What each rule had done when it was last looked at: `[packets, of them lost]`. */
  get detail(): { readonly [key: string]: Json } {
    return { packets: this.#lost };
  }

  /** Puts the rules of these directions in force, on all nodes or, after a failure, on none. */
  async add(directions: readonly PacketDirection[]): Promise<void> {
    this.#removed = [];
    const done = await Promise.allSettled(
      this.#places.map(async (place) => {
        const placed = place.rules.filter(({ rule }) => directions.includes(rule.direction));
        if (placed.length === 0) return;
        const rules = await place.packets.filter(placed.map(({ rule }) => rule));
        this.#inForce.push({ place, placed, rules });
      }),
    );
    const failed = done.find((each) => each.status === "rejected");
    if (failed === undefined) return;
    await this.remove();
    throw failed.reason;
  }

  async counts(): Promise<RuleCount[]> {
    const all = await Promise.all(
      this.#inForce.map(async ({ place, placed, rules }) => {
        const ended = await this.#whyHidden(place);
        if (ended !== undefined) return placed.map((each) => countOf(place, each, NOTHING, ended));
        const counts = await rules.counts();
        // The node has ended and started again: that no rule is there now is nothing that could not be seen.
        if (counts === "gone") return placed.map((each) => countOf(place, each, NOTHING, undefined));
        return Promise.all(
          placed.map(async (each, i) => {
            const dead = await deadAnswerer(each.knocks);
            return countOf(place, each, counts[i] ?? NOTHING, dead === undefined ? undefined : `${dead} is down`);
          }),
        );
      }),
    );
    const flat = all.flat();
    this.#lost = Object.fromEntries(flat.map(({ words, matched, dropped }) => [words, [matched, dropped]]));
    return flat;
  }

  /** Traffic whose packets the rules are about, on every node that runs; `wanted` chooses among the connections. */
  async knock(traffic: Traffic, wanted: (knock: Knock) => boolean = () => true): Promise<[Knock, TrafficCount][]> {
    const all = await Promise.all(
      this.#places.map(async (place): Promise<[Knock, TrafficCount][]> => {
        if ((await this.#whyHidden(place)) !== undefined) return [];
        const knocks = knocksOf(place).filter(wanted);
        const alike = [true, false].flatMap((speaks) =>
          (["inside", "outside"] as const).map((from) =>
            knocks.filter((knock) => knock.speaks === speaks && knock.from === from),
          ),
        );
        return (await Promise.all(alike.map((some) => knockFrom(place, some, traffic)))).flat();
      }),
    );
    return all.flat();
  }

  /** Takes all rules away; those that a node took with it when it ended are remembered. */
  async remove(): Promise<void> {
    const results = await Promise.allSettled(this.#inForce.map(({ rules }) => rules.remove()));
    this.#removed = results.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    // The next heal tries again to remove what could not be removed.
    this.#inForce = this.#inForce.filter((_, i) => results[i]?.status === "rejected");
    const failed = results.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  /** Reads the counters a last time, and removes the rules. */
  async heal(): Promise<void> {
    try {
      await this.counts();
    } finally {
      await this.remove();
    }
  }

  async probeHealed(): Promise<ProbeResult> {
    const left = await Promise.all(
      this.#places.map(async ({ node, packets }) => {
        const chains = await packets.chains();
        return { node, chains };
      }),
    );
    const mine = this.#inForce.flatMap(({ rules }) => rules.chains);
    const others = left
      .filter(({ chains }) => chains.length > 0)
      .map(({ node, chains }) => `${node.name} (${chains.join(", ")})`);
    const gone = this.#removed.filter((each) => each === "gone").length;
    const faults = [
      ...(mine.length > 0 ? [`still there: ${mine.join(", ")}`] : []),
      ...(gone > 0
        ? [`${gone} of ${this.#removed.length} sets of rules had ended before, as the network of a node that ends`]
        : []),
    ];
    if (faults.length > 0) return { ok: false, saw: faults.join("; ") };
    if (others.length > 0) return { ok: true, saw: `our rules are gone; others act on ${others.join(", ")}` };
    const answered = await Promise.all(
      (await this.knock({ connections: 1, pings: 1, patienceMs: PATIENCE_MS }, (knock) => this.#isFree(knock))).map(
        async ([knock, count]) => ({ ok: count.silent === 0 || (await deadAnswerer([knock])) !== undefined, knock }),
      ),
    );
    const silent = answered.filter(({ ok }) => !ok).map(({ knock: { to } }) => `${to.host}:${to.port}`);
    return {
      ok: silent.length === 0,
      saw: `no chain of ours is left; ${
        silent.length === 0
          ? `packets pass again on ${answered.length} new connections`
          : `no answer from ${silent.join(", ")}`
      }`,
    };
  }

  /** Whether nothing else keeps a connection from being answered. */
  #isFree(knock: Knock): boolean {
    const { links } = this.#context;
    return !links.all.some((link) => link.listen === knock.to && links.activeOn(link).length > 0);
  }

  async #whyHidden({ node }: PacketPlace): Promise<string | undefined> {
    return (await node.state()) === "dead" ? `${node.name} is down` : undefined;
  }
}

/** A connection that is only opened is few packets, so there are more of them. */
const SILENT_FACTOR = 4;

const NOTHING: PacketCount = { matched: 0, dropped: 0 };

/** @param knocks that all begin at the same place, to servers that all understand PING, or all do not. */
async function knockFrom(
  { packets }: PacketPlace,
  knocks: readonly Knock[],
  traffic: Traffic,
): Promise<[Knock, TrafficCount][]> {
  const [first] = knocks;
  if (first === undefined) return [];
  const its = first.speaks ? traffic : { ...traffic, connections: SILENT_FACTOR * traffic.connections, pings: 0 };
  const destinations = knocks.map(({ to }) => to);
  const counts =
    first.from === "inside"
      ? await packets.traffic(destinations, its)
      : await Promise.all(destinations.map((to) => pingTraffic(to, its)));
  return knocks.flatMap((knock, i): [Knock, TrafficCount][] => {
    const count = counts[i];
    return count === undefined ? [] : [[knock, count]];
  });
}

/** The name of a node that must run for one of these connections to be answered, and does not. */
async function deadAnswerer(knocks: readonly Knock[]): Promise<string | undefined> {
  for (const { answeredBy } of knocks) {
    if (answeredBy !== undefined && (await answeredBy.state()) === "dead") return answeredBy.name;
  }
  return undefined;
}

function knocksOf({ rules }: PacketPlace): Knock[] {
  const byKey = new Map(
    rules.flatMap(({ knocks }) => knocks).map((knock) => [`${knock.from} ${knock.to.host}:${knock.to.port}`, knock]),
  );
  return [...byKey.values()];
}

function countOf(place: PacketPlace, placed: PlacedRule, count: PacketCount, hidden: string | undefined): RuleCount {
  const { direction, peer } = placed.rule;
  const at = peer === undefined ? "" : ` (${peer.host}${peer.port === undefined ? "" : `:${peer.port}`})`;
  return {
    ...count,
    placed,
    words: `${place.node.name} ${direction} ${direction === "incoming" ? "from" : "to"} ${placed.peer}${at}`,
    hidden,
  };
}
