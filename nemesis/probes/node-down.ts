/**
 * A node that a fault ends and starts again: by whom it is kept down, and looks whether it is really down, or really
 * back.
 */
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { Node } from "../../hosts/host.ts";
import { WELCOMES } from "../../network/protocol.ts";
import { Refusal } from "../administration.ts";
import { SILENCE_MS } from "../fault.ts";
import { answersWithin } from "./ping.ts";

/** Which fault keeps a node down. */
const keepers = new WeakMap<Node, Downtime>();

/**
 * The time in which one fault keeps a node down. What it has ended no other fault ends once more, nor starts again
 * before its time.
 */
export class Downtime {
  readonly #node: Node;

  constructor(node: Node) {
    this.#node = node;
  }

  /** Whether another fault keeps the node down. */
  get isOthers(): boolean {
    const keeper = keepers.get(this.#node);
    return keeper !== undefined && keeper !== this;
  }

  /** @throws Refusal when the node is down already, and what `end` throws. */
  async begin(end: () => Promise<void>): Promise<void> {
    const already = new Refusal(`${this.#node.name} was down already`);
    // Claimed before anything is awaited: of two faults that begin in the same moment one comes too late.
    if (keepers.has(this.#node)) throw already;
    keepers.set(this.#node, this);
    if ((await this.#node.state()) === "dead") {
      keepers.delete(this.#node);
      throw already;
    }
    await end();
  }

  /**
   * Starts the node again, if it is this fault that keeps it down. @throws HostError with the tail of its log when it
   * does not start.
   */
  async end(options: { readonly keepData: boolean }): Promise<void> {
    if (keepers.get(this.#node) !== this) return;
    keepers.delete(this.#node);
    if ((await this.#node.state()) === "dead") await this.#node.start(options);
  }
}

/** @throws Refusal when the node does not run: a fault that needs it to do something cannot act. */
export async function assertRunning(victim: Victim): Promise<void> {
  const state = await victim.state();
  if (state !== "running") throw new Refusal(`${victim.name} was ${state === "dead" ? "down" : "stopped"} already`);
}

/** A node or a worker. */
type Victim = Pick<Node, "name"> & { state(): ReturnType<Node["state"]> | Awaited<ReturnType<Node["state"]>> };

/** Down: no such process, and nothing answers on its port. */
export async function probeDown(node: Node): Promise<ProbeResult> {
  const state = await node.state();
  const answered = await answersWithin(node, SILENCE_MS);
  return {
    ok: state === "dead" && !answered,
    saw: `the process table shows ${node.name} as ${state}; its port ${answered ? "answers" : "does not answer"}`,
  };
}

/** Back: it answers as one does that is ready for clients. */
export async function probeBack(node: Node): Promise<ProbeResult> {
  const answer = await node.greet();
  return {
    ok: answer === WELCOMES[node.protocol],
    saw: `${node.name} runs again as process ${node.pid()} and answers ${answer}`,
  };
}
