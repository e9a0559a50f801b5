/**
 * CLIENT PAUSE for `ms` milliseconds: the server answers nothing (`mode` `ALL`, the default), or no command that writes
 * or publishes (`WRITE`), and carries out late what came meanwhile. Under `ALL` it does not answer CLIENT UNPAUSE
 * either, so that pause ends by itself; one of writes ends when the fault heals, or by itself before that.
 * (https://redis.io/docs/latest/commands/client-pause/)
 */
import { z } from "zod";
import { names, number, text } from "../fault-options.ts";
import { awaitCondition } from "../../machine/await-condition.ts";
import type { FaultKind } from "../fault.ts";
import { SILENCE_MS } from "../fault.ts";
import { answersWithin } from "../probes/ping.ts";
import { choiceOption, durationOption, resolveNode } from "../targets.ts";

/** A shorter one could be over before a probe on a busy machine looks. */
const LEAST_PAUSE_MS = 1_000;
const RECOVERY_TIMEOUT_MS = 10_000;
/** What takes so many times as long as usual counts as silence. */
const SLOWER = 5;
/**
 * Counts as a write for the pause, is answered by every node of a Cluster, and changes nothing: nobody subscribes to
 * it.
 */
const WRITE = "PUBLISH redquake:probe pause";

export const clientPause = {
  kind: "client-pause",
  options: z.strictObject({ target: names, ms: number, mode: text.optional() }),
  async prepare(context, options) {
    const node = await resolveNode(context, options, "target");
    const mode = choiceOption(options, "mode", ["ALL", "WRITE"], "ALL");
    const ms = durationOption(options, "ms", LEAST_PAUSE_MS);
    /** How long an answer took when nothing was paused. */
    let usualMs = 0;
    const look = async (patienceMs: number): Promise<{ ping: boolean; write: boolean; saw: string }> => {
      const [ping, write] = await Promise.all([
        answersWithin(node, patienceMs),
        answersWithin(node, patienceMs, WRITE),
      ]);
      const said = (answered: boolean): string => (answered ? "answered" : `not answered within ${patienceMs} ms`);
      return { ping, write, saw: `PING on ${node.name} was ${said(ping)}, PUBLISH ${said(write)}` };
    };
    return {
      target: [node.name],
      title: `CLIENT PAUSE ${ms} ${mode} on ${node.name}`,
      detail: { mode, ms },
      inject: async () => {
        const asked = performance.now();
        await answersWithin(node, RECOVERY_TIMEOUT_MS);
        usualMs = performance.now() - asked;
        await node.command("CLIENT", "PAUSE", ms, mode);
      },
      probe: async () => {
        // Where the machine is busy, so is a server that is not paused.
        const { ping, write, saw } = await look(Math.round(Math.max(SILENCE_MS, Math.min(SLOWER * usualMs, ms / 2))));
        const state = await node.state();
        return {
          ok: state === "running" && !write && ping === (mode === "WRITE"),
          saw: `${saw}, and the process table shows it as ${state}`,
        };
      },
      heal: async () => {
        // A server that was killed meanwhile has forgotten its pause.
        if ((await node.state()) === "dead") return;
        if (mode === "WRITE") {
          await node.command("CLIENT", "UNPAUSE");
          return;
        }
        await awaitCondition(`${node.name} to answer after its pause`, ms + RECOVERY_TIMEOUT_MS, async () =>
          (await answersWithin(node, SILENCE_MS)) ? true : undefined,
        );
      },
      probeHealed: async () => {
        const { ping, write, saw } = await look(RECOVERY_TIMEOUT_MS);
        return { ok: ping && write, saw };
      },
    };
  },
} satisfies FaultKind;
