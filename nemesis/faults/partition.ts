/**
 * Cuts the network so that some cannot hear others: by a `shape` (see `partition-shapes.ts`), or by `groups`: a list of
 * lists of names; the word `rest` in one group stands for everybody who is in no other. `oneWay: true` (two groups
 * only): the second no longer hears the first, the first still hears the second. `how` is the impairment, `hold` by
 * default: as in a real partition, nobody is told.
 */
import { z } from "zod";
import { flag, groups, names, number } from "../fault-options.ts";
import type { Flow, Impairment } from "../../network/link.ts";
import type { Json } from "../../history/operation.ts";
import type { FaultContext, FaultKind } from "../fault.ts";
import { resolveNames } from "../targets.ts";
import { impairFlows } from "./impair.ts";
import { FIGURES, IMPAIRMENTS, impairmentOf } from "./impairment-options.ts";
import { divisionOfShape, SHAPE_NAMES } from "./partition-shapes.ts";
import type { Division } from "./partition-shapes.ts";

/** Under anything else the sides still hear something of each other. */
const CUTS: readonly Impairment["kind"][] = ["hold", "drop", "reset", "down"];

export const partition = {
  kind: "partition",
  options: z.strictObject({
    shape: z.enum(SHAPE_NAMES).optional(),
    groups: groups.optional(),
    with: names.optional(),
    node: names.optional(),
    nodes: names.optional(),
    seed: number.optional(),
    how: z.enum(IMPAIRMENTS).optional(),
    oneWay: flag.optional(),
    ...FIGURES,
  }),
  async prepare(context, options) {
    const division =
      options["shape"] === undefined
        ? { groups: await resolveGroups(context, options["groups"]) }
        : await divisionOfShape(context, options);
    const impairment = impairmentOf({ how: "hold", ...options });
    const oneWay = options["oneWay"] === true;
    if (oneWay) {
      const groups = "groups" in division ? division.groups.length : 0;
      if (groups !== 2) throw new TypeError(`a one-way partition needs two groups, not ${groups}`);
      if (impairment.kind === "down") {
        throw new TypeError(`a partition that is down is so both ways; leave out "oneWay", or choose another "how"`);
      }
    }
    const flows = cutFlows(division, oneWay);
    const first = "groups" in division ? (division.groups[0] ?? []) : [...division.hears.keys()];
    return impairFlows(context, flows, impairment, {
      target: first,
      title: `${impairment.kind === "hold" ? "" : `${impairment.kind} `}partition ${describe(division, oneWay ? " ⇥ " : " | ")}`,
      detail: {
        ...("groups" in division
          ? { groups: division.groups.map((group) => [...group]) }
          : { hears: Object.fromEntries([...division.hears].map(([name, heard]) => [name, [...heard]])) }),
        isolated: "groups" in division && CUTS.includes(impairment.kind) ? isolated(context, first, flows) : [],
      },
    });
  },
} satisfies FaultKind;

/** Every flow that a division cuts. Links that do not exist are left to those who know them. */
function cutFlows(division: Division, oneWay: boolean): Flow[] {
  if ("hears" in division) {
    const parties = [...division.hears.keys()];
    return [...division.hears].flatMap(([to, heard]) =>
      parties.filter((from) => from !== to && !heard.includes(from)).map((from) => ({ from, to })),
    );
  }
  const { groups, channel } = division;
  return groups.flatMap((group, i) =>
    groups.flatMap((other, j) => {
      const cut = oneWay ? i === 0 && j === 1 : i !== j;
      if (!cut) return [];
      return group.flatMap((from) => other.map((to) => ({ from, to, ...(channel === undefined ? {} : { channel }) })));
    }),
  );
}

/**
 * The nodes of the first side, when in at least one direction and on every channel nothing passes between them and any
 * other node.
 */
function isolated(context: FaultContext, side: readonly string[], flows: readonly Flow[]): string[] {
  const others = [...context.nodes.keys()].filter((name) => !side.includes(name));
  const inside = side.filter((name) => context.nodes.has(name));
  const apart = (one: string, other: string): boolean =>
    flows.some(
      ({ from, to, channel }) =>
        channel === undefined && ((from === one && to === other) || (from === other && to === one)),
    );
  const alone = others.length > 0 && inside.every((one) => others.every((other) => apart(one, other)));
  return alone ? inside : [];
}

function everybody(context: FaultContext): string[] {
  return [...context.nodes.keys(), ...context.workers.keys()];
}

function describe(division: Division, between: string): string {
  if ("groups" in division) return division.groups.map((group) => group.join(" ")).join(between);
  return `in a ring: ${[...division.hears.keys()].join(" ")}`;
}

async function resolveGroups(context: FaultContext, groups: Json | undefined): Promise<string[][]> {
  if (!Array.isArray(groups) || groups.length < 2 || groups.some((group) => !Array.isArray(group))) {
    throw new TypeError(
      `a partition's option "groups" must be a list of at least two lists of names, not ${JSON.stringify(groups)}`,
    );
  }
  const lists = groups as string[][];
  const named = await Promise.all(
    lists.map((group) =>
      resolveNames(
        context,
        group.filter((name) => name !== "rest"),
      ),
    ),
  );
  const rest = everybody(context).filter((name) => !named.some((group) => group.includes(name)));
  return named.map((group, i) => (lists[i]?.includes("rest") ? [...group, ...rest] : group));
}
