/**
 * SENTINEL SIMULATE-FAILURE: the sentinel that leads a failover ends in the middle of it: `crash-after-election`,
 * before it has chosen a replica, or `crash-after-promotion`, when one has been promoted and nobody else has been told.
 * Those `among` whom the leader may be (all sentinels, unless said otherwise) are armed; something else of the plan
 * must bring the failover about, within `withinMs` (15000) from then on. The fault has acted when one has ended so; the
 * others are then disarmed. When it heals the one that ended starts again with what it knew.
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/, "Sentinel API")
 */
import { z } from "zod";
import { names, number, text } from "../fault-options.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { Node } from "../../hosts/host.ts";
import type { FaultKind } from "../fault.ts";
import { probeBack } from "../probes/node-down.ts";
import { occurred } from "../probes/occurred.ts";
import { choiceOption, durationOption, namesOption, resolveNames } from "../targets.ts";

const WITHIN_MS = 15_000;
/** What a sentinel writes into its log when it ends so. */
const FAREWELL = "CRASH because of SENTINEL simulate-failure";
const LAST_LINES = 3;

export const sentinelCrash = {
  kind: "sentinel-crash",
  options: z.strictObject({ among: names.optional(), at: text.optional(), withinMs: number.optional() }),
  async prepare(context, options) {
    const among = options["among"] === undefined ? ["sentinels"] : namesOption(options, "among");
    const names = await resolveNames(context, among);
    const sentinels = names.map((name) => sentinelNamed(context.nodes.get(name), name));
    const at = choiceOption(options, "at", ["crash-after-election", "crash-after-promotion"], "crash-after-election");
    const withinMs = durationOption(options, "withinMs", 0, WITHIN_MS);
    const crashed = async (): Promise<Node[]> => {
      const states = await Promise.all(sentinels.map((node) => node.state()));
      return sentinels.filter((node, i) => states[i] === "dead" && node.logTail(LAST_LINES).includes(FAREWELL));
    };
    let victims: readonly Node[] = [];
    return {
      target: names,
      mayEnd: true,
      title: `${names.join(", ")}: ${at}`,
      get detail() {
        return { at, crashed: victims.map((node) => node.name) };
      },
      inject: async () => {
        // All of them are asked, also when one of them does not answer: the heal must know what it has to undo.
        const armed = await Promise.allSettled(
          sentinels.map((node) => node.command("SENTINEL", "SIMULATE-FAILURE", at)),
        );
        const failed = armed.find((each) => each.status === "rejected");
        if (failed !== undefined) throw failed.reason;
        await occurred("a sentinel to crash", withinMs, async () => (await crashed()).length > 0);
        await disarm(sentinels);
        victims = await crashed();
      },
      probe: async (): Promise<ProbeResult> => {
        const dead = await crashed();
        return {
          ok: dead.length > 0,
          saw:
            dead.length > 0
              ? `${dead.map((node) => node.name).join(", ")} ended, and said in the log: ${FAREWELL}`
              : `no sentinel came to ${at}: did anything bring a failover about?`,
        };
      },
      heal: async () => {
        await disarm(sentinels);
        await Promise.all((await crashed()).map((node) => node.start({ keepData: true })));
      },
      probeHealed: async () => {
        const back = await Promise.all(sentinels.map(probeBack));
        return { ok: back.every(({ ok }) => ok), saw: back.map(({ saw }) => saw).join("; ") };
      },
    };
  },
} satisfies FaultKind;

/** Whatever SIMULATE-FAILURE is asked, it first forgets what was armed; HELP then arms nothing. */
async function disarm(sentinels: readonly Node[]): Promise<void> {
  for (const node of sentinels) {
    if ((await node.state()) === "dead") continue;
    try {
      await node.command("SENTINEL", "SIMULATE-FAILURE", "HELP");
    } catch (error) {
      // It may have crashed in this moment, as it was armed to.
      if ((await node.state()) !== "dead") throw error;
    }
  }
}

function sentinelNamed(node: Node | undefined, name: string): Node {
  if (node?.spec.kind !== "sentinel")
    throw new TypeError(`the fault's option "among" must name sentinels, and ${name} is none`);
  return node;
}
