/**
 * DEBUG SLEEP: the server is up and answers nobody for `ms` milliseconds, as with a command that takes long. It ends by
 * itself; the fault is healed when the server answers again. (`enable-debug-command`,
 * https://redis.io/docs/latest/commands/debug/)
 */
import { z } from "zod";
import { names, number } from "../fault-options.ts";
import { AdminConnection } from "../../hosts/admin-connection.ts";
import { awaitCondition } from "../../machine/await-condition.ts";
import type { FaultKind } from "../fault.ts";
import { SILENCE_MS } from "../fault.ts";
import { assertRunning } from "../probes/node-down.ts";
import { answersWithin } from "../probes/ping.ts";
import { durationOption, resolveNode } from "../targets.ts";

/** A shorter one could be over before a probe on a busy machine looks. */
const LEAST_SLEEP_MS = 500;
const RECOVERY_TIMEOUT_MS = 10_000;

export const debugSleep = {
  kind: "debug-sleep",
  options: z.strictObject({ target: names, ms: number }),
  async prepare(context, options) {
    const node = await resolveNode(context, options, "target");
    const ms = durationOption(options, "ms", LEAST_SLEEP_MS);
    /** What DEBUG SLEEP was answered in the end, and how much later. */
    let began = false;
    let woke: { readonly answer: string; readonly afterMs: number } | undefined;
    let healed = false;
    return {
      target: [node.name],
      title: `DEBUG SLEEP on ${node.name} for ${ms} ms`,
      detail: { ms },
      inject: async () => {
        await assertRunning(node);
        const own = new AdminConnection(node.address, ms + RECOVERY_TIMEOUT_MS);
        // On a connection that the server has accepted already, DEBUG comes before whatever anybody asks from now on.
        await own.command("PING");
        const asked = performance.now();
        began = true;
        [woke, healed] = [undefined, false];
        void own
          .command("DEBUG", "SLEEP", ms / 1_000)
          .then(String, String)
          .then((answer) => {
            woke = { answer, afterMs: performance.now() - asked };
            own.close();
          });
      },
      probe: async () => {
        const patienceMs = Math.min(SILENCE_MS, ms / 2);
        const answered = await answersWithin(node, patienceMs);
        const state = await node.state();
        const slept = !healed && woke?.answer === "OK" && woke.afterMs >= ms;
        const early =
          woke === undefined
            ? ""
            : `; DEBUG SLEEP was answered ${JSON.stringify(woke.answer)} after ${Math.round(woke.afterMs)} ms`;
        return {
          // Where the probe was too late to see it asleep, its own word is the proof: it has one thread, and says OK
          // when it wakes up.
          ok: state === "running" && (woke === undefined ? !answered : slept),
          saw: `a PING to ${node.name} was ${answered ? "answered" : `not answered within ${patienceMs} ms`}, and the process table shows it as ${state}${early}`,
        };
      },
      heal: async () => {
        if (!began) return;
        await awaitCondition(`${node.name} to wake up`, ms + RECOVERY_TIMEOUT_MS, () =>
          woke === undefined ? undefined : true,
        );
        healed = true;
      },
      probeHealed: async () => {
        const answered = await answersWithin(node, RECOVERY_TIMEOUT_MS);
        return {
          ok: answered && woke?.answer === "OK" && woke.afterMs >= ms,
          saw: `DEBUG SLEEP on ${node.name} was answered ${JSON.stringify(woke?.answer)} after ${Math.round(woke?.afterMs ?? 0)} ms; a PING is ${answered ? "answered" : "not answered"}`,
        };
      },
    };
  },
} satisfies FaultKind;
