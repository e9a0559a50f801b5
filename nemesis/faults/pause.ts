/**
 * SIGSTOP to a worker or a node, SIGCONT to heal: a long garbage collection, a frozen virtual machine, a laptop that
 * sleeps.
 */
import { z } from "zod";
import { names } from "../fault-options.ts";
import { awaitCondition } from "../../machine/await-condition.ts";
import type { Node } from "../../hosts/host.ts";
import type { ProcessState } from "../../machine/process-state.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { FaultKind, FaultyWorker } from "../fault.ts";
import { SILENCE_MS } from "../fault.ts";
import { resolveParty } from "../targets.ts";
import { answersWithin } from "../probes/ping.ts";
import { assertRunning } from "../probes/node-down.ts";

const SIGNAL_TIMEOUT_MS = 2_000;

export const pause = {
  kind: "pause",
  options: z.strictObject({ target: names }),
  leaves: "stopped",
  async prepare(context, options) {
    const party = await resolveParty(context, options, "target");
    const victim: Node | FaultyWorker = "node" in party ? party.node : party.worker;
    const reached = (wanted: ProcessState): Promise<true> =>
      awaitCondition(
        `${victim.name} to be ${wanted}`,
        SIGNAL_TIMEOUT_MS,
        async () => ((await victim.state()) === wanted ? true : undefined),
        2,
      );
    /** Another fault may have stopped it before, and resumes it. */
    let isMine = false;
    return {
      target: [victim.name],
      title: `SIGSTOP ${victim.name}`,
      inject: async () => {
        await assertRunning(victim);
        victim.signal("SIGSTOP");
        isMine = true;
        await reached("stopped");
      },
      probe: async () => {
        const state = await victim.state();
        const stopped = `the process table shows ${victim.name} (${victim.pid()}) as ${state}`;
        if (!("node" in party)) return { ok: state === "stopped", saw: stopped };
        const answered = await answersWithin(party.node, SILENCE_MS);
        return {
          ok: state === "stopped" && !answered,
          saw: `${stopped}; a greeting was ${answered ? "answered" : `not answered within ${SILENCE_MS} ms`}`,
        };
      },
      heal: async () => {
        // Who was killed meanwhile has nothing to resume.
        if (!isMine || (await victim.state()) === "dead") return;
        victim.signal("SIGCONT");
        await reached("running");
      },
      probeHealed: async (): Promise<ProbeResult> => {
        const state = await victim.state();
        // Nobody is stopped any more who has ended.
        const over = state === "running" || (isMine && state === "dead");
        return { ok: over, saw: `the process table shows ${victim.name} as ${state}` };
      },
    };
  },
} satisfies FaultKind;
