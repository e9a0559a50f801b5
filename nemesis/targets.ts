/** From the words of a plan to the names of nodes and workers. */
import type { Node } from "../hosts/host.ts";
import type { Json } from "../history/operation.ts";
import type { FaultContext, FaultOptions, FaultyWorker } from "./fault.ts";

/**
 * A name in a plan is a node (`n1`, `s2`), a worker (`w3`), or one of these words:
 * `primary` (the first node that calls itself primary now), `replicas` (the other servers), `sentinels`, `workers`, `nodes`.
 */
export async function resolveNames(context: FaultContext, names: readonly string[]): Promise<string[]> {
  const resolved = await Promise.all(names.map((name) => resolveName(context, name)));
  return [...new Set(resolved.flat())];
}

async function resolveName(context: FaultContext, name: string): Promise<string[]> {
  const nodes = [...context.nodes.values()];
  switch (name) {
    case "primary": {
      const [first] = await context.primaries();
      if (first === undefined) throw new Error("no node calls itself primary");
      return [first];
    }
    case "replicas": {
      const primaries = new Set(await context.primaries());
      return nodes.filter((node) => node.spec.kind === "redis" && !primaries.has(node.name)).map((node) => node.name);
    }
    case "sentinels":
      return nodes.filter((node) => node.spec.kind === "sentinel").map((node) => node.name);
    case "nodes":
      return nodes.map((node) => node.name);
    case "workers":
      return [...context.workers.keys()];
    default:
      if (!context.nodes.has(name) && !context.workers.has(name)) {
        throw new TypeError(`the plan names ${JSON.stringify(name)}, which is neither a node nor a worker of this run`);
      }
      return [name];
  }
}

/** The single node or worker that an option names. */
export async function resolveParty(
  context: FaultContext,
  options: FaultOptions,
  option: string,
): Promise<{ node: Node } | { worker: FaultyWorker }> {
  const names = await resolveNames(context, [stringOption(options, option)]);
  const name = names[0] ?? "";
  const node = context.nodes.get(name);
  if (node !== undefined) return { node };
  const worker = context.workers.get(name);
  if (worker !== undefined) return { worker };
  throw new TypeError(`the fault's option "${option}" resolves to nothing`);
}

/** The single server that an option names, for faults that only a server can have. */
export async function resolveNode(context: FaultContext, options: FaultOptions, option: string): Promise<Node> {
  const party = await resolveParty(context, options, option);
  if ("node" in party) return party.node;
  throw new TypeError(`the fault's option "${option}" must name a node, and ${party.worker.name} is a worker`);
}

export function stringOption(options: FaultOptions, name: string): string {
  const value = options[name];
  if (typeof value !== "string")
    throw new TypeError(`the fault's option "${name}" must be a name, not ${JSON.stringify(value)}`);
  return value;
}

/** One of a few words. @throws TypeError naming them. */
export function choiceOption<T extends string>(
  options: FaultOptions,
  name: string,
  choices: readonly T[],
  fallback: T,
): T {
  const value = options[name] ?? fallback;
  const choice = choices.find((each) => each === value);
  if (choice === undefined)
    throw new TypeError(`the fault's option "${name}" must be ${choices.join(", ")}, not ${JSON.stringify(value)}`);
  return choice;
}

/** A number of milliseconds that is at least `least`. */
export function durationOption(options: FaultOptions, name: string, least: number, fallback?: number): number {
  const value = numberOption(options, name, fallback);
  if (value < least) throw new TypeError(`the fault's option "${name}" must be at least ${least}, not ${value}`);
  return value;
}

export function numberOption(options: FaultOptions, name: string, fallback?: number): number {
  const value = options[name] ?? fallback;
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new TypeError(`the fault's option "${name}" must be a number, not ${JSON.stringify(value)}`);
  }
  return value;
}

/**
 * A range of whole numbers: [lowest, highest], or one number for both.
 * @throws TypeError when it is something else, or not within `least` and `most`.
 */
export function rangeOption(options: FaultOptions, name: string, least: number, most: number): [number, number] {
  const value = options[name];
  const [low, high, ...more]: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const whole = (each: unknown): each is number => Number.isInteger(each);
  if (!whole(low) || !whole(high) || more.length > 0 || low < least || high < low || high > most) {
    throw new TypeError(
      `the fault's option "${name}" must be a whole number from ${least} to ${most}, or a range [low, high] of such, not ${JSON.stringify(value)}`,
    );
  }
  return [low, high];
}

export function namesOption(options: FaultOptions, name: string): string[] {
  const value: Json | undefined = options[name];
  const list = typeof value === "string" ? [value] : value;
  if (!Array.isArray(list) || list.length === 0 || list.some((item) => typeof item !== "string")) {
    throw new TypeError(`the fault's option "${name}" must be a list of names, not ${JSON.stringify(value)}`);
  }
  return list as string[];
}
