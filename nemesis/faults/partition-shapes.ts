/**
 * The shapes of partitions, by their names. Option `with` names who stays on the first side (clients, as a rule).
 *
 * Two groups that cannot hear each other; everybody who is in neither is not concerned:
 * - `isolate-primary`: the primary | everybody else,
 * - `isolate-node`: the node of option `node` | everybody else,
 * - `halves`: the first half of the nodes, rounded down | everybody else,
 * - `bridge`: as `halves`, but the node in the middle (or the one of option `node`) is on both sides,
 * - `clients-from-primary`: the primary | the clients; nodes hear each other,
 * - `primary-from-replicas`: the primary | the other servers; on the service port only, where replication runs, so that
 *   Sentinel and the cluster bus see nothing of it,
 * - `sentinels-from-primary`: the primary | the sentinels.
 *
 * No groups:
 * - `majorities-ring`: the nodes of option `nodes` (all, unless told) stand in a ring, in an order drawn by option
 *   `seed` or as they are; each hears its nearest neighbours, which with it are a majority, and no two hear the same
 *   majority (https://github.com/jepsen-io/jepsen/blob/main/jepsen/src/jepsen/nemesis.clj, `majorities-ring`).
 */
import type { Channel } from "../../network/link.ts";
import type { FaultContext, FaultOptions } from "../fault.ts";
import { seededRandom } from "../../history/random.ts";
import { namesOption, numberOption, resolveNames, stringOption } from "../targets.ts";

/** Who cannot hear whom. */
export type Division =
  /** Nobody of one group hears anybody of another, on one channel or on all. */
  | { readonly groups: readonly (readonly string[])[]; readonly channel?: Channel }
  /** Each of these parties hears those that are listed, and nobody else among them. */
  | { readonly hears: ReadonlyMap<string, readonly string[]> };

type Shape = (context: FaultContext, options: FaultOptions) => Promise<Division>;

const SHAPES: Readonly<Record<string, Shape>> = {
  "isolate-primary": async (context, options) => againstRest(context, await sideOf(context, options, ["primary"])),
  "isolate-node": async (context, options) =>
    againstRest(context, await sideOf(context, options, [stringOption(options, "node")])),
  halves: async (context, options) => {
    const nodes = [...context.nodes.keys()];
    return againstRest(context, await sideOf(context, options, nodes.slice(0, Math.floor(nodes.length / 2))));
  },
  bridge,
  "clients-from-primary": (context, options) => primaryFrom(context, options, "workers"),
  "primary-from-replicas": async (context, options) => ({
    ...(await primaryFrom(context, options, "replicas")),
    channel: "data",
  }),
  "sentinels-from-primary": (context, options) => primaryFrom(context, options, "sentinels"),
  "majorities-ring": majoritiesRing,
};

export const SHAPE_NAMES: readonly string[] = Object.keys(SHAPES);

/** @throws TypeError when there is no such shape, or when these nodes cannot take it. */
export async function divisionOfShape(context: FaultContext, options: FaultOptions): Promise<Division> {
  const name = stringOption(options, "shape");
  const shape = Object.hasOwn(SHAPES, name) ? SHAPES[name] : undefined;
  if (shape === undefined) {
    throw new TypeError(
      `the fault's option "shape" must be one of ${SHAPE_NAMES.join(", ")}, not ${JSON.stringify(name)}`,
    );
  }
  return shape(context, options);
}

async function bridge(context: FaultContext, options: FaultOptions): Promise<Division> {
  const nodes = [...context.nodes.keys()];
  const middle = options["node"] ?? nodes[Math.floor(nodes.length / 2)];
  const both = await resolveNames(context, namesOption({ node: middle ?? [] }, "node"));
  const others = nodes.filter((name) => !both.includes(name));
  if (others.length < 2)
    throw new TypeError(`a bridge needs a node on each of its sides; there are ${nodes.join(", ")}`);
  const first = await sideOf(context, options, others.slice(0, Math.floor(others.length / 2)));
  return againstRest(context, first, both);
}

async function majoritiesRing(context: FaultContext, options: FaultOptions): Promise<Division> {
  const named = await resolveNames(context, namesOption({ nodes: "nodes", ...options }, "nodes"));
  const size = named.length;
  if (size < 3) throw new TypeError(`a ring of majorities needs at least three nodes, not ${named.join(", ")}`);
  const ring = options["seed"] === undefined ? named : seededRandom(numberOption(options, "seed")).shuffled(named);
  const majority = Math.floor(size / 2) + 1;
  const before = Math.floor(majority / 2);
  const neighbours = (place: number): string[] =>
    ring.filter((_name, other) => other !== place && (other - place + before + size) % size < majority);
  return { hears: new Map(ring.map((name, place) => [name, neighbours(place)])) };
}

async function primaryFrom(
  context: FaultContext,
  options: FaultOptions,
  word: "workers" | "replicas" | "sentinels",
): Promise<{ groups: string[][] }> {
  const first = await sideOf(context, options, ["primary"]);
  const second = (await resolveNames(context, [word])).filter((name) => !first.includes(name));
  if (second.length === 0)
    throw new TypeError(`there are no ${word} in this run that the primary could be cut off from`);
  return { groups: [first, second] };
}

/** The names, and those of option `with`. */
async function sideOf(context: FaultContext, options: FaultOptions, names: readonly string[]): Promise<string[]> {
  const companions = options["with"] === undefined ? [] : namesOption(options, "with");
  return resolveNames(context, [...names, ...companions]);
}

function againstRest(
  context: FaultContext,
  side: readonly string[],
  unconcerned: readonly string[] = [],
): { groups: string[][] } {
  const everybody = [...context.nodes.keys(), ...context.workers.keys()];
  return { groups: [[...side], everybody.filter((name) => !side.includes(name) && !unconcerned.includes(name))] };
}
