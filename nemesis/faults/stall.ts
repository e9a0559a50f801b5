/**
 * The event loop of a worker is busy for `ms` milliseconds, as with a long computation or a huge JSON text: the process runs, and neither its timers nor its sockets
 * are served. It ends by itself; the fault is healed when the worker answers again.
 */
import { setTimeout as delay } from "node:timers/promises";
import { awaitCondition } from "../../hosts/await-condition.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { FaultKind } from "../fault.ts";
import { answerOf } from "../deadline.ts";
import { SILENCE_MS } from "../fault.ts";
import { assertRunning } from "../node-down.ts";
import { numberOption, resolveParty } from "../targets.ts";

/** A shorter one could not be told from the time that a question to a busy machine takes. */
const LEAST_STALL_MS = 50;
/** How long a worker that runs may take to begin. */
const BEGIN_TIMEOUT_MS = 5_000;
/** How long a worker may take to answer after its stall. */
const RECOVERY_TIMEOUT_MS = 5_000;

export const stall: FaultKind = {
  kind: "stall",
  options: { required: { target: "names", ms: "number" } },
  async prepare(context, options) {
    const party = await resolveParty(context, options, "target");
    if ("node" in party)
      throw new TypeError(
        `the fault's option "target" must name a worker: ${party.node.name} has no event loop of ours`,
      );
    const { worker } = party;
    const ms = numberOption(options, "ms");
    if (ms < LEAST_STALL_MS)
      throw new TypeError(`the fault's option "ms" must be at least ${LEAST_STALL_MS}, not ${ms}`);
    /** How long the question took that was asked right after the stall had begun. */
    let silentMs: number | undefined;
    let began = false;
    const ask = async (): Promise<number> => {
      const asked = performance.now();
      await worker.clockOffsetMs();
      return performance.now() - asked;
    };
    return {
      target: [worker.name],
      title: `event loop of ${worker.name} busy for ${ms} ms`,
      detail: { ms },
      inject: async () => {
        await assertRunning(worker);
        await answerOf(worker.name, "begin to be busy", BEGIN_TIMEOUT_MS, worker.stall(ms));
        began = true;
        silentMs = undefined;
        void ask().then((took) => (silentMs = took));
      },
      probe: async (): Promise<ProbeResult> => {
        const silence = Math.min(SILENCE_MS, ms / 2);
        const answered = await Promise.race([ask(), delay(silence, undefined, { ref: false })]);
        const state = worker.state();
        const saw =
          answered === undefined
            ? `did not answer a question within ${Math.round(silence)} ms`
            : `answered a question after ${Math.round(answered)} ms`;
        return {
          ok: state === "running" && answered === undefined,
          saw: `${worker.name} ${saw}, and the process table shows it as ${state}`,
        };
      },
      heal: async () => {
        if (!began) return;
        await awaitCondition(`${worker.name} to answer after its stall`, ms + RECOVERY_TIMEOUT_MS, () =>
          silentMs !== undefined || worker.state() === "dead" ? true : undefined,
        );
      },
      probeHealed: () =>
        Promise.resolve(
          silentMs === undefined
            ? { ok: false, saw: `${worker.name} ${began ? "ended before it answered" : "was never busy"}` }
            : {
                // It was asked when the stall had begun, so an early answer means that there was none, or not for long.
                ok: silentMs >= ms / 2,
                saw: `${worker.name} answered the question that was asked at the start of the stall after ${Math.round(silentMs)} ms`,
              },
        ),
    };
  },
};
