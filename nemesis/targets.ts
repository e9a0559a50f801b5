/** From the words of a plan to the names of nodes and workers. */
import type { Node } from "../hosts/host.ts";
import type { Json } from "../history/operation.ts";
import { seededRandom } from "../history/random.ts";
import { slotOwner } from "./cluster/cluster-owner.ts";
import { NoTargetError } from "./fault.ts";
import type { FaultContext, FaultOptions, FaultyWorker } from "./fault.ts";

/**
 * A name in a plan is a node (`n1`, `s2`), a worker (`w3`), or words for those who are it at the moment:
 * - `resource`: the server that locks protect; only as the end of a link;
 * - groups: `servers` (all that hold data), `primaries`, `replicas` (the servers that are not primaries), `sentinels`,
 *   `nodes` (servers and sentinels), `workers`;
 * - single ones: `primary` (the first server that calls itself primary), `leader-sentinel` (the one that carries out a
 *   failover), `holder` or `holder:KEY` (the worker that holds the lock), `owner:KEY` (the primary that serves the
 *   key's slot in a Cluster);
 * - parts: `one`, `minority`, `majority`, `all`, drawn by `seed` from the servers, or `… of GROUP`, such as `minority
 *   of sentinels`.
 *
 * @throws TypeError when a word means nothing in this run, NoTargetError when it means nobody now.
 */
export async function resolveNames(
  context: FaultContext,
  names: readonly string[],
  seed = DEFAULT_SEED,
): Promise<string[]> {
  const resolved = await Promise.all(names.map((name) => resolveName(context, name, seed)));
  return [...new Set(resolved.flat())];
}

const DEFAULT_SEED = 1;

/** What a plan calls the server that locks protect. */
export const RESOURCE = "resource";

/** Whether faults name the server that locks protect, so that it has links. */
export function namesResource(faults: readonly { readonly options: FaultOptions }[]): boolean {
  return faults.some(({ options }) => JSON.stringify(options).includes(`"${RESOURCE}"`));
}

/** How many of a group a part is, as Jepsen counts them. */
const PARTS: Readonly<Record<string, (count: number) => number>> = {
  one: () => 1,
  minority: (count) => Math.ceil(count / 2) - 1,
  majority: (count) => Math.floor(count / 2) + 1,
  all: (count) => count,
};

const GROUPS: Readonly<Record<string, (context: FaultContext) => string[] | Promise<string[]>>> = {
  servers: (context) => serversOf(context).map(({ name }) => name),
  primaries: (context) => context.primaries(),
  replicas: async (context) => {
    const primaries = new Set(await context.primaries());
    return serversOf(context).flatMap(({ name }) => (primaries.has(name) ? [] : [name]));
  },
  sentinels: (context) => nodesOf(context, "sentinel"),
  nodes: (context) => [...context.nodes.keys()],
  workers: (context) => [...context.workers.keys()],
};

const SINGLES: Readonly<Record<string, (context: FaultContext, key: string | undefined) => Promise<string>>> = {
  primary: async (context) => (await context.primaries())[0] ?? nobody("no node calls itself primary"),
  "leader-sentinel": leaderSentinel,
  holder: async ({ history, workers }, key) => {
    const name = history.holder(key);
    if (name === undefined || workers.get(name)?.pid() === undefined)
      return nobody(`nobody holds ${key === undefined ? "a lock" : JSON.stringify(key)}`);
    return name;
  },
  owner: ({ nodes }, key) => {
    if (key === undefined) throw new TypeError('the target "owner" needs a key: owner:KEY');
    return slotOwner(
      [...nodes.values()].filter((node) => node.spec.kind === "redis"),
      key,
    );
  },
};

/** The words that a fault's target may be, without their keys; the names of nodes and workers come on top. */
export const TARGET_WORDS: readonly string[] = [PARTS, GROUPS, SINGLES].flatMap((words) => Object.keys(words));

/** Whether a plan's target means the holder of a lock: the history must then be read while it is written. */
export function namesHolder(target: Json | undefined): boolean {
  return JSON.stringify(target ?? null).includes('"holder');
}

async function resolveName(context: FaultContext, name: string, seed: number): Promise<string[]> {
  if (context.nodes.has(name) || context.workers.has(name)) return [name];
  if (name === RESOURCE && context.resource !== undefined) return [name];
  const [word = "", key] = splitOnce(name, ":");
  const single = SINGLES[word];
  if (single !== undefined) return [await single(context, key)];
  const [part = "", of = "servers"] = splitOnce(name, " of ");
  const group = GROUPS[of];
  const size = PARTS[part];
  if (group !== undefined && size !== undefined) return drawPart(await group(context), part, of, size, seed);
  const whole = GROUPS[name];
  if (whole === undefined) {
    throw new TypeError(
      `the plan names ${JSON.stringify(name)}, which is neither a node nor a worker of this run, nor one of the words ${TARGET_WORDS.join(", ")}`,
    );
  }
  return whole(context);
}

function drawPart(
  group: readonly string[],
  part: string,
  of: string,
  size: (count: number) => number,
  seed: number,
): string[] {
  const count = size(group.length);
  if (count < 1) return nobody(`a ${part} of ${group.length} ${of} is nobody`);
  return seededRandom(seed).shuffled(group).slice(0, count).sort();
}

/** All that hold data. */
function serversOf(context: FaultContext): Node[] {
  return [...context.nodes.values()].filter((node) => node.spec.kind !== "sentinel");
}

function nodesOf(context: FaultContext, kind: Node["spec"]["kind"]): string[] {
  return [...context.nodes.values()].filter((node) => node.spec.kind === kind).map((node) => node.name);
}

/** Only the sentinel that was elected for it carries out a failover, and only while it does so is it the leader. */
async function leaderSentinel(context: FaultContext): Promise<string> {
  const sentinels = [...context.nodes.values()].filter((node) => node.spec.kind === "sentinel");
  const flags = await Promise.allSettled(
    sentinels.map(async (node) => flatten(await node.command("SENTINEL", "MASTERS"))),
  );
  const leader = sentinels.find((_, i) => {
    const said = flags[i];
    return said?.status === "fulfilled" && said.value.includes("failover_in_progress");
  });
  return leader?.name ?? nobody("no sentinel carries out a failover");
}

function flatten(reply: unknown): string {
  return JSON.stringify(reply);
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function nobody(reason: string): never {
  throw new NoTargetError(reason);
}

/** Whom the option `target` of a fault means now; `seed` draws the parts. */
export function resolveTargets(
  context: FaultContext,
  names: readonly string[],
  options: FaultOptions,
): Promise<string[]> {
  return resolveNames(context, names, numberOption(options, "seed", DEFAULT_SEED));
}

/** One node or one worker. */
export type Party = { readonly node: Node } | { readonly worker: FaultyWorker };

/** The single node or worker that an option names. */
export async function resolveParty(context: FaultContext, options: FaultOptions, option: string): Promise<Party> {
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

/** @throws TypeError when the option is no number from `least` to `most`. */
export function shareOption(options: FaultOptions, name: string, least: number, most: number): number {
  const value = numberOption(options, name);
  if (value < least || value > most)
    throw new TypeError(`the fault's option "${name}" must be a share from ${least} to ${most}, not ${value}`);
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

/** A yes or no that is no unless told. */
export function flagOption(options: FaultOptions, name: string): boolean {
  const value = options[name] ?? false;
  if (typeof value !== "boolean")
    throw new TypeError(`the fault's option "${name}" must be true or false, not ${JSON.stringify(value)}`);
  return value;
}
