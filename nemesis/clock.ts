/** The wall clock of one node or worker, as faults move it and as their probes read it. */
import { setTimeout as delay } from "node:timers/promises";
import type { NodeShim, Node } from "../hosts/host.ts";
import { answerOf } from "./deadline.ts";
import type { FaultContext, FaultOptions } from "./fault.ts";
import type { Party } from "./targets.ts";
import { resolveParty } from "./targets.ts";

/** One look at a clock. */
export interface ClockReading {
  /** When it was taken, in milliseconds of `performance.now()`. */
  readonly atMs: number;
  /** How far it is ahead of this machine's clock, in milliseconds. */
  readonly offsetMs: number;
  /**
   * The true offset is at most this far from `offsetMs`: half of the round trip, and what clocks in whole milliseconds
   * leave open.
   */
  readonly uncertaintyMs: number;
}

export interface FaultyClock {
  /** The node or worker whose clock it is. */
  readonly name: string;
  readonly set: NodeShim["setClock"];
  read(): Promise<ClockReading>;
}

/** Both clocks that are compared may tell whole milliseconds only. */
const RESOLUTION_MS = 2;
/** A worker that is stopped, or has ended, tells no time. One whose event loop is busy may take a while. */
const PATIENCE_MS = 5_000;

/**
 * The clock of the party that the option `target` names.
 * @throws Error when the fault shim is not loaded there: without it a clock could only be moved for the whole machine.
 */
export async function resolveClock(context: FaultContext, options: FaultOptions): Promise<FaultyClock> {
  const party = await resolveParty(context, options, "target");
  const { name, shim } = "node" in party ? party.node : party.worker;
  if (shim === undefined) throw new Error(`the clock of ${name} cannot be moved: the fault shim is not loaded there`);
  return {
    name,
    set: (clock) => shim.setClock(clock),
    async read() {
      const before = performance.now();
      const offsetMs = await offsetOf(party);
      const roundTripMs = performance.now() - before;
      return { atMs: before + roundTripMs / 2, offsetMs, uncertaintyMs: roundTripMs / 2 + RESOLUTION_MS };
    },
  };
}

/** How long a clock is asked for an answer that is quick enough to tell something. */
const READ_PATIENCE_MS = 15_000;
const ASK_EVERY_MS = 20;

/**
 * Asks until an answer leaves no more open than `withinMs`, or for as long as anybody would wait: the one that leaves
 * least open.
 */
export async function readWithin(clock: FaultyClock, withinMs: number): Promise<ClockReading> {
  const deadline = performance.now() + READ_PATIENCE_MS;
  let best = await clock.read();
  while (best.uncertaintyMs > withinMs && performance.now() < deadline) {
    await delay(ASK_EVERY_MS);
    const next = await clock.read();
    if (next.uncertaintyMs < best.uncertaintyMs) best = next;
  }
  return best;
}

/**
 * What the wall clock of the node or worker that the option `clock` names shows, in milliseconds of the epoch.
 * @throws Refusal or NoAnswerError when who is named does not tell.
 */
export async function wallClockMs(context: FaultContext, options: FaultOptions): Promise<number> {
  const offsetMs = await offsetOf(await resolveParty(context, options, "clock"));
  return Date.now() + offsetMs;
}

function offsetOf(party: Party): Promise<number> {
  if ("node" in party) return nodeOffset(party.node);
  const { worker } = party;
  return answerOf(worker.name, "tell its time", PATIENCE_MS, worker.clockOffsetMs());
}

/** An offset in words, such as `+40 ms` or `−3600000 ms`. */
export function signed(value: number, unit: string): string {
  return `${value >= 0 ? "+" : "−"}${Math.abs(value)} ${unit}`;
}

/**
 * How far a node's `TIME` (https://redis.io/docs/latest/commands/time/) is ahead of this process's clock, in
 * milliseconds.
 */
async function nodeOffset(node: Node): Promise<number> {
  const before = Date.now();
  const asked = performance.now();
  const [seconds, microseconds] = (await node.command("TIME")) as [string, string];
  const middle = before + (performance.now() - asked) / 2;
  return Number(seconds) * 1_000 + Number(microseconds) / 1_000 - middle;
}
