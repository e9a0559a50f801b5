/**
 * Registers whose values were written once each, in near-linear time.
 *
 * All operations on a value stand together in any legal order, and so do those of values that a chain of cas connects:
 * a block. A block must come before another when one of its operations completed before one of the other was invoked.
 * The order is legal exactly when no two blocks must each come before the other, and within each chain no operation
 * completed before one was invoked that the chain has before it. With reads and writes only, these are the zones of
 * Gibbons and Korach ("Testing shared memories", 1997): the block's zone lies between its first completion and its last
 * invocation; two forward zones must not overlap, and no backward zone lies in a forward one.
 */
import type { Json } from "../../../history/operation.ts";
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import { nameOf, shortened } from "../words/operation-words.ts";
import { countBelow, orderOf } from "./order.ts";
import { BEGINNING, NONE, registerNodes } from "./register-nodes.ts";
import type { RegisterNodes } from "./register-nodes.ts";
import type { SpecialCase, SpecialVerdict } from "./special-case.ts";
import { illegalFor, LEGAL } from "./verdicts.ts";

/** For the value at the beginning: what "completed" before every event. */
const BEFORE_ALL = -1;

export const registerZones: SpecialCase = {
  algorithm: "register zones",
  decide(entries, { init }) {
    const found = registerNodes(entries, init);
    if (found.verdict !== undefined) return found.verdict;
    const { nodes } = found;
    const proof = (operations: readonly number[], sentence: string): SpecialVerdict =>
      illegalFor(entries, withSources(entries, nodes, operations), sentence);
    if (nodes.fork !== undefined) {
      const [one, other] = nodes.fork;
      const sentence = `${nameOf(entries, one)} and ${nameOf(entries, other)} both replaced a value that was written once`;
      return proof([one, other], sentence);
    }
    const chains = chainsOf(entries, nodes);
    if (chains.misplaced !== undefined) {
      const [later, earlier] = chains.misplaced;
      const sentence = `${nameOf(entries, later)} completed (event ${entries.ret[later]}) before ${nameOf(entries, earlier)} was invoked (event ${entries.call[earlier]}), and follows from it`;
      return proof([later, earlier], sentence);
    }
    if (chains.visited < nodes.count) {
      const stray = strayWrite(nodes, chains);
      return proof([stray], `${nameOf(entries, stray)} is one of a circle of cas, where each needs the one before`);
    }
    const pair = conflictOf(entries, chains);
    if (pair === undefined) return LEGAL;
    const operations = pair.flatMap((chain) => [chains.first[chain] ?? NONE, chains.last[chain] ?? NONE]);
    return proof(
      operations.filter((entry) => entry !== NONE),
      conflictSentence(entries, chains, pair, init ?? null),
    );
  },
};

interface Chains {
  /** How many nodes the chains have. */
  readonly visited: number;
  readonly of: Uint8Array;
  readonly count: number;
  /**
   * For each chain: the entry that completed first (`NONE` for the beginning), and the one that was invoked last
   * (`NONE` where there is none).
   */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** An entry that completed before another was invoked which its chain has before it. */
  readonly misplaced: readonly [later: number, earlier: number] | undefined;
}

function chainsOf({ length, call, ret }: Entries, nodes: RegisterNodes): Chains {
  const { seen, writes, firstRead, lastRead, next } = nodes;
  const first = new Int32Array(nodes.count);
  const last = new Int32Array(nodes.count);
  const of = new Uint8Array(length + 1);
  let count = 0;
  let visited = 0;
  for (let leaf = BEGINNING; leaf <= length; leaf += 1) {
    if ((leaf !== BEGINNING && writes[leaf - 1] === 0) || next[leaf] !== NONE) continue;
    // From the end of the chain to its beginning: `soonest` is the first completion among what comes later.
    let soonest = NONE;
    let latest = NONE;
    let node = leaf;
    for (;;) {
      visited += 1;
      of[node] = 1;
      const begun = lastRead[node] ?? NONE;
      if (begun !== NONE) {
        if (soonest !== NONE && (ret[soonest] ?? 0) < (call[begun] ?? 0))
          return { visited, of, count, first, last, misplaced: [soonest, begun] };
        if (begun > latest) latest = begun;
        const ended = firstRead[node] ?? NONE;
        if (soonest === NONE || (ret[ended] ?? 0) < (ret[soonest] ?? 0)) soonest = ended;
      }
      if (node === BEGINNING) {
        soonest = NONE;
        break;
      }
      const writer = node - 1;
      if (soonest !== NONE && (ret[soonest] ?? 0) < (call[writer] ?? 0))
        return { visited, of, count, first, last, misplaced: [soonest, writer] };
      if (writer > latest) latest = writer;
      if (soonest === NONE || (ret[writer] ?? 0) < (ret[soonest] ?? 0)) soonest = writer;
      const source = seen[writer] ?? NONE;
      if (source === NONE) break;
      node = source;
    }
    first[count] = soonest;
    last[count] = latest;
    count += 1;
  }
  return { visited, of, count, first, last, misplaced: undefined };
}

/** The entry of a cas that no chain from a write or from the beginning leads to. */
function strayWrite({ writes }: RegisterNodes, { of }: Chains): number {
  return writes.findIndex((each, i) => each === 1 && of[i + 1] === 0);
}

/** Two chains that would each have to come before the other. */
function conflictOf({ call, ret }: Entries, { count, first, last }: Chains): readonly [number, number] | undefined {
  const completed = (chain: number): number => {
    const entry = first[chain] ?? NONE;
    return entry === NONE ? BEFORE_ALL : (ret[entry] ?? NEVER);
  };
  const invoked = (chain: number): number => {
    const entry = last[chain] ?? NONE;
    return entry === NONE ? BEFORE_ALL : (call[entry] ?? 0);
  };
  const forward = new Int32Array(count);
  let zones = 0;
  for (let chain = 0; chain < count; chain += 1) {
    if (completed(chain) >= invoked(chain)) continue;
    forward[zones] = chain;
    zones += 1;
  }
  const starts = forward.subarray(0, zones).map(completed);
  const order = orderOf(starts);
  const rising = order.map((k) => starts[k] ?? 0);
  const chains = order.map((k) => forward[k] ?? 0);
  for (let k = 1; k < zones; k += 1)
    if ((rising[k] ?? 0) < invoked(chains[k - 1] ?? 0)) return [chains[k - 1] ?? 0, chains[k] ?? 0];
  for (let chain = 0; chain < count; chain += 1) {
    const begins = invoked(chain);
    const ends = completed(chain);
    if (ends < begins) continue;
    // Forward zones are apart by now, so only the last one that began before can reach over this one.
    const around = countBelow(rising, begins) - 1;
    const outer = chains[around];
    if (outer !== undefined && ends < invoked(outer)) return [outer, chain];
  }
  return undefined;
}

/**
 * With the writes of what they saw, and what proves that a write of unknown outcome happened: without those, they would
 * prove nothing.
 */
function withSources(
  { ret }: Entries,
  { seen, writes, seer }: RegisterNodes,
  operations: readonly number[],
): Set<number> {
  const proof = new Set(operations);
  for (const entry of proof) {
    const source = seen[entry] ?? NONE;
    if (source > BEGINNING) proof.add(source - 1);
    if (writes[entry] === 1 && ret[entry] === NEVER) proof.add(seer[entry + 1] ?? NONE);
  }
  return proof;
}

function conflictSentence(
  entries: Entries,
  { first, last }: Chains,
  [one, other]: readonly [number, number],
  init: Json,
): string {
  const before = (a: number, b: number): string => {
    const ended = first[a] ?? NONE;
    const begun = last[b] ?? NONE;
    const begins = `${nameOf(entries, begun)} was invoked (event ${entries.call[begun]})`;
    return ended === NONE
      ? `the register held ${shortened(init)} before ${begins}`
      : `${nameOf(entries, ended)} completed (event ${entries.ret[ended]}) before ${begins}`;
  };
  return `every write and read of one value must come before every write and read of another, as ${before(one, other)}; and the other way round, as ${before(other, one)}`;
}
