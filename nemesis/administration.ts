/**
 * What an operator tells a topology to do. It may be refused, above all while other faults act: that is something to see and not a
 * failure of the run, so it is kept for the probe, which then says no and what was answered.
 */
import { HostError } from "../hosts/host-error.ts";
import type { Node } from "../hosts/host.ts";
import type { ProbeResult } from "../history/nemesis-event.ts";

/** An order was refused, or there was nobody to take it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** Sends an administrator's command. @throws Refusal with the node's name and its answer. */
export async function order(node: Node, ...args: readonly (string | number)[]): Promise<unknown> {
  try {
    return await node.command(...args);
  } catch (error) {
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
      if (!(error instanceof Refusal) && !(error instanceof HostError)) throw error;
      this.#refused = error.message;
    }
  }

  /** Something that did not go as it should and that the action can do without. */
  remark(text: string): void {
    this.#remarks.push(text);
  }

  /** The result of a look at the effect: never a yes when the action was refused, whoever else may have brought the effect about. */
  told({ ok, saw }: ProbeResult): ProbeResult {
    const refused = this.#refused === undefined ? [] : [`refused: ${this.#refused}`];
    return { ok: ok && refused.length === 0, saw: [saw, ...refused, ...this.#remarks].join("; ") };
  }
}
