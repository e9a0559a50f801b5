/**
 * Cuts the network into groups that cannot hear each other: by a `shape` (see `partition-shapes.ts`), or by `groups`: a list of lists of names; the word `rest` in one group
 * stands for everybody who is in no other. `oneWay: true` (two groups only): the second no longer hears the first, the first still
 * hears the second. `how` is the impairment, `hold` by default: as in a real partition, nobody is told.
 */
import type { Flow } from "../../network/link.ts";
import type { Json } from "../../history/operation.ts";
import type { FaultContext, FaultKind } from "../fault.ts";
import { resolveNames } from "../targets.ts";
import { impairFlows } from "./impair.ts";
import { impairmentOf } from "./impairment-options.ts";
import { groupsOfShape } from "./partition-shapes.ts";

export const partition: FaultKind = {
  kind: "partition",
  async prepare(context, options) {
    const planned = options["shape"] === undefined ? options["groups"] : groupsOfShape(context, options);
    const groups = await resolveGroups(context, planned);
    const oneWay = options["oneWay"] === true;
    if (oneWay && groups.length !== 2)
      throw new TypeError(`a one-way partition needs two groups, not ${groups.length}`);
    const impairment = impairmentOf({ how: "hold", ...options });
    const flows: Flow[] = groups.flatMap((group, i) =>
      groups.flatMap((other, j) => {
        const cut = oneWay ? i === 0 && j === 1 : i !== j;
        return cut ? group.flatMap((from) => other.map((to) => ({ from, to }))) : [];
      }),
    );
    return impairFlows(context, flows, impairment, {
      target: groups[0] ?? [],
      title: `${impairment.kind === "hold" ? "" : `${impairment.kind} `}partition ${groups.map((group) => group.join(" ")).join(oneWay ? " ⇥ " : " | ")}`,
      detail: { groups, isolated: (groups[0] ?? []).filter((name) => context.nodes.has(name)) },
    });
  },
};

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
  const everybody = [...context.nodes.keys(), ...context.workers.keys()];
  const rest = everybody.filter((name) => !named.some((group) => group.includes(name)));
  return named.map((group, i) => (lists[i]?.includes("rest") ? [...group, ...rest] : group));
}
