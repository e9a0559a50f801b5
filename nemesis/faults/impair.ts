/**
 * What the faults of links and of partitions share: impair flows, and try every link that they cross with real
 * connections.
 */
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { Node } from "../../hosts/host.ts";
import type { Flow, Impairment, LinkImpairment } from "../../network/link.ts";
import type { ImpairedFlows } from "../../network/links.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { assertImpairable } from "./impairable.ts";
import { lookHealed, lookImpaired } from "./impair-probe.ts";
import type { Sight } from "./impair-probe.ts";

export function impairFlows(
  context: FaultContext,
  flows: readonly Flow[],
  impairment: Impairment,
  words: Pick<Fault, "target" | "title" | "detail">,
): Fault {
  const planned = context.links.impairments(flows, impairment);
  assertImpairable(context, flows, planned);
  if (planned.length === 0) throw new TypeError(`${words.title}: no link carries any of these flows`);
  let impaired: ImpairedFlows | undefined;
  const lookAll = (look: Look): Promise<Sighting[]> =>
    lookAtLinks(context, planned, () => impaired?.impairments ?? [], look);
  return {
    ...words,
    inject: async () => void (impaired = await context.links.impair(flows, impairment)),
    probe: async () => {
      const sights = await lookAll(lookImpaired);
      // What nobody could see anywhere has not been proved.
      return tell(sights, (wrong, seen) => wrong === 0 && seen > 0);
    },
    heal: () => impaired?.heal() ?? Promise.resolve(),
    // A dead node's links are tried again at the end of the run, with all others.
    probeHealed: async () => tell(await lookAll(lookHealed), (wrong) => wrong === 0),
  };
}

type Look = typeof lookImpaired;
type Sighting = readonly [LinkImpairment, Sight];

/**
 * Looks at every link that a fault is about, side by side.
 * @param own what the fault itself does there now; all else is handed to `look` as done by others.
 */
export function lookAtLinks(
  context: FaultContext,
  planned: readonly LinkImpairment[],
  own: () => readonly LinkImpairment[],
  look: Look,
): Promise<Sighting[]> {
  return Promise.all(
    planned.map(async (mine) => {
      const others = context.links.activeOn(mine.link).filter((each) => !own().includes(each));
      return [mine, await look(mine, others, nodeAt(context, mine.link.to))] as const;
    }),
  );
}

function nodeAt({ nodes, resource }: FaultContext, name: string): Node | undefined {
  return nodes.get(name) ?? (resource?.name === name ? resource : undefined);
}

/**
 * Puts into words what was seen, and says by `isOk` whether that is enough: how many links were wrong, and how many
 * could be seen.
 */
export function tell(sights: readonly Sighting[], isOk: (wrong: number, seen: number) => boolean): ProbeResult {
  const wrong = sights.flatMap(([{ link }, sight]) =>
    sight.found === "otherwise" ? [`${link.proxy} ${sight.what}`] : [],
  );
  const hidden = sights.flatMap(([{ link }, sight]) =>
    sight.found === "hidden" ? [`${link.proxy} (${sight.why})`] : [],
  );
  const seen = sights.length - hidden.length;
  const good = `${seen - wrong.length} of ${sights.length} links as planned`;
  return {
    ok: isOk(wrong.length, seen),
    saw: [
      ...(wrong.length === 0 ? [good] : wrong),
      ...(hidden.length === 0 ? [] : [`not to be seen: ${hidden.join(", ")}`]),
    ].join("; "),
  };
}
