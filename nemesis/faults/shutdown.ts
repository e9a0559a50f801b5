/**
 * An orderly end, as an orchestrator asks for it: SIGTERM. A node saves where it is configured to and ends by itself;
 * when the fault heals it starts again with what it has on disk. A worker starts no new operation, finishes the one
 * that it is in, closes its clients and ends; it does not come back.
 */
import { z } from "zod";
import { names } from "../fault-options.ts";
import { awaitCondition } from "../../machine/await-condition.ts";
import type { Node } from "../../hosts/host.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { comesBack } from "../probes/comes-back.ts";
import type { FaultKind, FaultyWorker } from "../fault.ts";
import { ImpossibleFault } from "../impossible-fault.ts";
import { assertRunning, Downtime, probeBack, probeDown } from "../probes/node-down.ts";
import { resolveParty } from "../targets.ts";

/** A primary waits up to ten seconds for replicas that lag behind (`shutdown-timeout`), and then saves. */
const SHUTDOWN_TIMEOUT_MS = 20_000;
/** What a server writes into its log as the last thing when it ends in order. */
const FAREWELL = "is now ready to exit";
const LAST_LINES = 5;

export const shutdown = {
  kind: "shutdown",
  options: z.strictObject({ target: names }),
  leaves: "down",
  async prepare(context, options) {
    const party = await resolveParty(context, options, "target");
    return "node" in party ? shutdownOfNode(party.node) : shutdownOfWorker(party.worker);
  },
} satisfies FaultKind;

async function shutdownOfNode(node: Node): ReturnType<FaultKind["prepare"]> {
  if (node.protocol !== "redis") {
    throw new ImpossibleFault(
      `an orderly end of ${node.name}`,
      `what proves it is the farewell in the log of a Redis server, and ${node.name} is ${node.spec.kind}; use kill`,
    );
  }
  const downtime = new Downtime(node);
  const back = await comesBack(node, "in order");
  return {
    target: [node.name],
    title: `SIGTERM ${node.name}, restart ${back}`,
    mayEnd: true,
    inject: async () => {
      // Who is stopped hears nothing.
      await assertRunning(node);
      await downtime.begin(async () => {
        node.signal("SIGTERM");
        await awaitCondition(`${node.name} to shut down`, SHUTDOWN_TIMEOUT_MS, async () =>
          (await node.state()) === "dead" ? true : undefined,
        );
      });
    },
    probe: async () => {
      const down = await probeDown(node);
      const orderly = node.logTail(LAST_LINES).includes(FAREWELL);
      return {
        ok: down.ok && orderly,
        saw: `${down.saw}; its log ${orderly ? "ends" : "does not end"} with its farewell`,
      };
    },
    heal: () => downtime.end({ keepData: true }),
    probeHealed: () => probeBack(node),
  };
}

function shutdownOfWorker(worker: FaultyWorker): Awaited<ReturnType<FaultKind["prepare"]>> {
  const gone = (): Promise<ProbeResult> => {
    const state = worker.state();
    return Promise.resolve({ ok: state === "dead", saw: `the process table shows ${worker.name} as ${state}` });
  };
  return {
    target: [worker.name],
    title: `SIGTERM ${worker.name}`,
    inject: async () => {
      await assertRunning(worker);
      await worker.shutDown();
    },
    probe: gone,
    heal: () => Promise.resolve(),
    // It does not come back: healed means that it is still gone.
    probeHealed: gone,
  };
}
