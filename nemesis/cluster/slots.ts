/** Which hash slots an option means. */
import type { Json } from "../../history/operation.ts";
import { z } from "zod";
import { wanting } from "../fault-options.ts";
import { NoTargetError } from "../fault.ts";
import type { FaultContext, FaultOptions } from "../fault.ts";
import { namesOption } from "../targets.ts";

const LAST_SLOT = 16_383;

const slot = z.union([z.int(), z.string()]);

/** What the option `slots` may be. */
export const SLOTS = wanting(
  z.union([slot, z.array(slot).min(1).readonly()]),
  'a slot, a range such as "0-99", or a list of both',
);

/** What the option `key` may be. */
export const KEYS = wanting(z.union([z.string(), z.array(z.string()).min(1).readonly()]), "a key or a list of keys");

/**
 * Option `slots`: a slot, a range such as `"0-99"`, or a list of both; or option `key`: a key, or a list of keys, whose
 * slots are meant.
 * @throws TypeError when it is none of these, NoTargetError when nobody answers who could tell a key's slot.
 */
export async function slotsOption(context: FaultContext, options: FaultOptions): Promise<number[]> {
  if ((options["slots"] === undefined) === (options["key"] === undefined))
    throw new TypeError('the fault needs one of the options "slots" and "key"');
  if (options["slots"] !== undefined) return listed(options["slots"]);
  const keys = namesOption(options, "key");
  // Any node knows the function, also one that is cut off; one that is stopped does not answer.
  const nodes = [...context.nodes.values()];
  const asked = nodes.map((node) =>
    Promise.all(keys.map(async (key) => Number(await node.command("CLUSTER", "KEYSLOT", key)))),
  );
  try {
    return unique(await Promise.any(asked));
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    throw new NoTargetError(`no node answers that could tell the slot of ${keys.join(", ")}`);
  }
}

function listed(value: Json): number[] {
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  const slots = unique(items.flatMap(rangeOf));
  if (slots.length === 0) throw new TypeError('the fault\'s option "slots" must name at least one slot');
  return slots;
}

function rangeOf(item: Json): number[] {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(typeof item === "string" ? item : JSON.stringify(item)) ?? [];
  const from = Number(first);
  const to = Number(last ?? first);
  if (!(from <= to && to <= LAST_SLOT)) {
    throw new TypeError(
      `the fault's option "slots" must have slots from 0 to ${LAST_SLOT} and ranges such as "0-99", not ${JSON.stringify(item)}`,
    );
  }
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function unique(slots: readonly number[]): number[] {
  return [...new Set(slots)].sort((a, b) => a - b);
}
