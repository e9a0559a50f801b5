/**
 * The event loop of a worker is busy for `ms` milliseconds, as with a long computation or a huge JSON text: the process
 * runs, and neither its timers nor its sockets are served. It ends by itself; the fault is healed when the worker
 * answers again.
 */
import { z } from "zod";
import { names, number } from "../fault-options.ts";
import { setTimeout as delay } from "node:timers/promises";
import { awaitCondition } from "../../machine/await-condition.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { FaultKind } from "../fault.ts";
import { answerOf } from "../deadline.ts";
import { SILENCE_MS } from "../fault.ts";
import { assertRunning } from "../probes/node-down.ts";
import { numberOption, resolveParty } from "../targets.ts";

/** A shorter one could not be told from the time that a question to a busy machine takes. */
const LEAST_STALL_MS = 50;
/** How long a worker that runs may take to begin. */
const BEGIN_TIMEOUT_MS = 5_000;
/** How long it may take until a stall begins. */
const BEGIN_MS = 2_000;
const ASK_EVERY_MS = 5;
/** How long a worker may take to answer after its stall. */
const RECOVERY_TIMEOUT_MS = 5_000;

export const stall = {
  kind: "stall",
  options: z.strictObject({ target: names, ms: number }),
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
    /**
     * The longest that a question took since shortly before the stall: one was open when it began, however late this
     * process hears of that.
     */
    let silentMs: number | undefined;
    let began = false;
    let healed = false;
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
        [silentMs, healed] = [undefined, false];
        void askThroughout(ask, ms).then((longest) => (silentMs = longest));
        await answerOf(worker.name, "begin to be busy", BEGIN_TIMEOUT_MS, worker.stall(ms));
        began = true;
      },
      probe: async (): Promise<ProbeResult> => {
        const silence = Math.min(SILENCE_MS, ms / 2);
        const answered = await Promise.race([ask(), delay(silence, undefined, { ref: false })]);
        const state = worker.state();
        const saw =
          answered === undefined
            ? `did not answer a question within ${Math.round(silence)} ms`
            : `answered a question after ${Math.round(answered)} ms`;
        // It may be over already on a machine that is busy.
        const wasSilent = !healed && silentMs !== undefined && silentMs >= ms / 2;
        return {
          ok: state === "running" && (answered === undefined || wasSilent),
          saw: `${worker.name} ${saw}, and the process table shows it as ${state}`,
        };
      },
      heal: async () => {
        if (!began) return;
        await awaitCondition(`${worker.name} to answer after its stall`, ms + RECOVERY_TIMEOUT_MS, () =>
          silentMs !== undefined || worker.state() === "dead" ? true : undefined,
        );
        healed = true;
      },
      probeHealed: () =>
        Promise.resolve(
          silentMs === undefined
            ? { ok: false, saw: `${worker.name} ${began ? "ended before it answered" : "was never busy"}` }
            : {
                // It was asked all the time, so early answers mean that there was no stall, or not for long.
                ok: silentMs >= ms / 2,
                saw: `${worker.name} took ${Math.round(silentMs)} ms for the question that was open when the stall began`,
              },
        ),
    };
  },
} satisfies FaultKind;

/**
 * Asks one question after the other until one takes as long as the stall must make it, or until it should be over: how
 * long the longest took.
 */
async function askThroughout(ask: () => Promise<number>, ms: number): Promise<number> {
  const end = performance.now() + ms + BEGIN_MS;
  let longest = 0;
  for (;;) {
    longest = Math.max(longest, await ask());
    if (longest >= ms / 2 || performance.now() > end) return longest;
    await delay(ASK_EVERY_MS, undefined, { ref: false });
  }
}
