/**
 * What a fault asks of its target, such as an operator's order. It may be refused, or there is nobody to take it, above
 * all while other faults act: that is something to see and not a failure of the run, so it is kept for the probe, which
 * then says no and what was answered.
 */
import { HostError } from "../machine/host-error.ts";
import type { Node } from "../hosts/host.ts";
import { NoAnswerError } from "../machine/no-answer-error.ts";
import type { ProbeResult } from "../history/nemesis-event.ts";

/**
 * Something was asked of a target that refused it, or could not do it: it is down, stopped, or in no state for that.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/**
 * Whether an error tells of a target that refused, could not act or did not answer; any other one is the harness's own.
 */
export function isOfTarget(error: unknown): boolean {
  if (error instanceof Refusal || error instanceof HostError || error instanceof NoAnswerError) return true;
  return error instanceof Error && error.name === "ReplyError";
}

/** Sends an administrator's command. @throws Refusal with the node's name and its answer. */
export async function order(node: Node, ...args: readonly (string | number)[]): Promise<unknown> {
  try {
    return await node.command(...args);
  } catch (error) {
    if (error instanceof NoAnswerError) throw new Refusal(error.message, { cause: error });
    const command = args.filter((arg) => arg !== "").slice(0, 4);
    throw new Refusal(`${node.name} answered ${command.join(" ")} with: ${(error as Error).message}`, { cause: error });
  }
}

/** An action of several orders, and what became of it. */
export class Action {
  #refused: string | undefined;
  readonly #remarks: string[] = [];

  /** Carries out the orders up to the first that is refused, or whose effect does not come in time. */
  async take(orders: () => Promise<void>): Promise<void> {
    this.#refused = undefined;
    try {
      await orders();
    } catch (error) {
      if (!isOfTarget(error)) throw error;
      this.#refused = (error as Error).message;
    }
  }

  /** Whether the last orders were not carried out. */
  get isRefused(): boolean {
    return this.#refused !== undefined;
  }

  /** Something that did not go as it should and that the action can do without. */
  remark(text: string): void {
    this.#remarks.push(text);
  }

  /**
   * The result of a look at the effect: never a yes when the action was refused, even if another cause brought the
   * effect about.
   */
  told({ ok, saw }: ProbeResult): ProbeResult {
    const refused = this.#refused === undefined ? [] : [`refused: ${this.#refused}`];
    return { ok: ok && refused.length === 0, saw: [saw, ...refused, ...this.#remarks].join("; ") };
  }
}
