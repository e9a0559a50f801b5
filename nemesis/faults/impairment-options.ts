/** Reads `how`, with the figures that it needs, and `direction` from a fault's options. */
import type { Flow, Impairment } from "../../network/link.ts";
import type { FaultOptions } from "../fault.ts";
import { number } from "../fault-options.ts";
import { numberOption } from "../targets.ts";
import { payloadFor } from "./link-delay.ts";

/** What `how` may be. */
export const IMPAIRMENTS = [
  "hold",
  "drop",
  "reset",
  "down",
  "lose-reply",
  "latency",
  "bandwidth",
  "slicer",
  "slow-close",
] as const satisfies readonly Impairment["kind"][];

/** The figures of all impairments. */
export const FIGURES = {
  latencyMs: number.optional(),
  jitterMs: number.optional(),
  rateKBps: number.optional(),
  averageBytes: number.optional(),
  variationBytes: number.optional(),
  delayUs: number.optional(),
  delayMs: number.optional(),
};

/** @throws TypeError naming the option that makes no sense. */
export function impairmentOf(options: FaultOptions): Impairment {
  const how = IMPAIRMENTS.find((kind) => kind === options["how"]);
  switch (how) {
    case undefined:
      throw new TypeError(
        `the fault's option "how" must be ${IMPAIRMENTS.slice(0, -1).join(", ")} or ${IMPAIRMENTS.at(-1)}, not ${JSON.stringify(options["how"])}`,
      );
    case "latency":
      return latencyOf(options);
    case "bandwidth":
      return observable({ kind: how, rateKBps: atLeast(1, options, "rateKBps") });
    case "slicer":
      return observable({
        kind: how,
        averageBytes: atLeast(1, options, "averageBytes"),
        variationBytes: atLeast(0, options, "variationBytes", 0),
        delayUs: atLeast(1, options, "delayUs"),
      });
    case "slow-close":
      return { kind: how, delayMs: atLeast(1, options, "delayMs") };
    case "hold":
    case "drop":
    case "reset":
    case "down":
    case "lose-reply":
      return { kind: how };
  }
}

export const DIRECTIONS = ["both", "forth", "back"] as const;
export type LinkDirection = (typeof DIRECTIONS)[number];

/**
 * Which of the flows between two parties an impairment is for; `both` unless told. What is lost of a request and its
 * answer by `lose-reply` is always the answer, which runs `back`.
 * @throws TypeError when the option is no direction, or when the impairment cannot be told apart by direction.
 */
export function directionOf(options: FaultOptions, impairment: Impairment): LinkDirection {
  const { direction } = options;
  const fixed = fixedDirection(impairment);
  if (direction === undefined) return fixed ?? "both";
  if (direction !== "both" && direction !== "forth" && direction !== "back") {
    throw new TypeError(`the fault's option "direction" must be both, forth or back, not ${JSON.stringify(direction)}`);
  }
  if (fixed !== undefined && direction !== fixed) {
    throw new TypeError(
      `the fault's option "direction" cannot be ${JSON.stringify(direction)} with ${impairment.kind}, which always acts ${fixed}; leave it out`,
    );
  }
  return direction;
}

/** A direction in a title, between `from` and `to`. */
export function arrowOf(direction: LinkDirection): string {
  return { both: "⇄", forth: "→", back: "←" }[direction];
}

/** What `from` sends to `to`, what it is sent back, or both. */
export function flowsBetween(from: readonly string[], to: readonly string[], direction: LinkDirection): Flow[] {
  return from.flatMap((source) =>
    to.flatMap((target) => [
      ...(direction === "back" ? [] : [{ from: source, to: target }]),
      ...(direction === "forth" ? [] : [{ from: target, to: source }]),
    ]),
  );
}

function fixedDirection({ kind }: Impairment): LinkDirection | undefined {
  if (kind === "down") return "both";
  return kind === "lose-reply" ? "back" : undefined;
}

function latencyOf(options: FaultOptions): Impairment {
  const latencyMs = atLeast(1, options, "latencyMs");
  const jitterMs = atLeast(0, options, "jitterMs", 0);
  if (2 * jitterMs > latencyMs) {
    throw new TypeError(
      `the fault's option "jitterMs" must be at most half of "latencyMs" (${latencyMs}), not ${jitterMs}: an answer that may come at once does not show that the latency is there`,
    );
  }
  return { kind: "latency", latencyMs, jitterMs };
}

function atLeast(minimum: number, options: FaultOptions, name: string, fallback?: number): number {
  const value = numberOption(options, name, fallback);
  // Toxiproxy's attributes are whole numbers.
  if (!Number.isInteger(value) || value < minimum) {
    throw new TypeError(`the fault's option "${name}" must be a whole number of at least ${minimum}, not ${value}`);
  }
  return value;
}

/** Refuses figures whose effect would drown in what the machine itself needs. */
function observable(impairment: Impairment & { kind: "bandwidth" | "slicer" }): Impairment {
  if (payloadFor(impairment) === undefined) {
    const { kind, ...figures } = impairment;
    throw new TypeError(
      `${kind} with ${JSON.stringify(figures)} is too fast for its probe to see; ask for ${kind === "bandwidth" ? `a lower "rateKBps"` : `smaller pieces or a longer "delayUs"`}`,
    );
  }
  return impairment;
}
