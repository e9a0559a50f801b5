/**
 * The operations of a register by the value that they are about, for `register-zones.ts`: a node is one effective
 * write, or the value at the beginning, with all that saw its value.
 *
 * It needs that every value that was seen was written once, counting operations with unknown outcomes, and was not
 * there at the beginning. Then a write of unknown outcome that was seen has happened, and one that was not seen makes
 * no difference.
 */
import { FALSE_WORD } from "../../../history/columns/tape.ts";
import type { Json } from "../../../history/operation.ts";
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import { nameOf } from "../words/operation-words.ts";
import type { SpecialVerdict } from "./special-case.ts";
import { ValueIndex } from "./value-index.ts";
import { illegalFor, inapplicable } from "./verdicts.ts";

export const NONE = -1;
/** The node of the value at the beginning; that of the write at entry `i` is `i + 1`. */
export const BEGINNING = 0;

export interface RegisterNodes {
  /** For each entry: the node whose value it saw, or `NONE`. */
  readonly seen: Int32Array;
  /** For each entry: whether it is an effective write or cas, and so has a node of its own. */
  readonly writes: Uint8Array;
  /**
   * For each node: the entry of the read of its value that completed first, and of that which was invoked last; or
   * `NONE`.
   */
  readonly firstRead: Int32Array;
  readonly lastRead: Int32Array;
  /** For each node: that of the cas which replaced its value, or `NONE`. */
  readonly next: Int32Array;
  /** For each node whose write has an unknown outcome: an entry that saw its value, so that it did happen. */
  readonly seer: Int32Array;
  /** How many nodes are in use. */
  readonly count: number;
  /** Two entries of cas that replaced the same value, which cannot be; undefined where there are none. */
  readonly fork: readonly [number, number] | undefined;
}

export type NodesOrVerdict =
  { readonly nodes: RegisterNodes; readonly verdict?: undefined } | { readonly verdict: SpecialVerdict };

/** What each entry saw and wrote, as numbers of values. */
interface Effects {
  readonly saw: Int32Array;
  readonly wrote: Int32Array;
  readonly values: number;
  /** The number of the value at the beginning. */
  readonly beginning: number;
  /** Index of the first `cas` that is ok and did nothing, or `NONE`. */
  readonly refused: number;
}

export function registerNodes(entries: Entries, init: Json | undefined): NodesOrVerdict {
  const effects = effectsOf(entries, init);
  if (effects.refused !== NONE)
    return {
      verdict: inapplicable(
        `${nameOf(entries, effects.refused)} is evidence that the register held another value, and so of no single write`,
      ),
    };
  const writer = writersOf(entries, effects);
  return writer.verdict === undefined ? { nodes: nodesOf(entries, effects, writer) } : writer;
}

function effectsOf(entries: Entries, init: Json | undefined): Effects {
  const { columns, length, f, input, output, ret } = entries;
  const { tape, names } = columns;
  const values = new ValueIndex(tape);
  const beginning = values.numberOf(init ?? null);
  const saw = new Int32Array(length).fill(NONE);
  const wrote = new Int32Array(length).fill(NONE);
  const read = names.indexOf("read");
  const write = names.indexOf("write");
  let refused = NONE;
  for (let i = 0; i < length; i += 1) {
    const asked = input[i] ?? 0;
    const answered = output[i] ?? NONE;
    if (f[i] === read) {
      if (ret[i] !== NEVER) saw[i] = values.numberAt(answered);
      continue;
    }
    if (f[i] === write) {
      wrote[i] = values.numberAt(asked);
      continue;
    }
    if (answered !== NONE && isRefusal(entries, answered)) {
      if (refused === NONE) refused = i;
      continue;
    }
    const old = values.numberAt(tape.first(asked));
    const next = values.numberAt(tape.next(tape.first(asked)));
    // A cas to the same value is a read of it.
    if (old !== next) wrote[i] = next;
    if (old !== next || ret[i] !== NEVER) saw[i] = old;
  }
  return { saw, wrote, values: values.count, beginning, refused };
}

/** Whether the answer of a cas is `[old, new, false]`. */
function isRefusal({ columns: { tape } }: Entries, answer: number): boolean {
  if (!tape.isArray(answer) || tape.count(answer) < 3) return false;
  return tape.word(tape.next(tape.next(tape.first(answer)))) === FALSE_WORD;
}

interface Writers {
  /** For each value that certainly was seen, the entry of its write; `NONE` for the beginning, and for all others. */
  readonly of: Int32Array;
  /**
   * For each of them, an entry that saw it: a known one, or a cas that must have happened since what it wrote was seen.
   */
  readonly seer: Int32Array;
}

function writersOf(
  entries: Entries,
  { saw, wrote, values, beginning }: Effects,
): (Writers & { readonly verdict?: undefined }) | { readonly verdict: SpecialVerdict } {
  const { length, call, ret } = entries;
  const seenUntil = new Int32Array(values).fill(-1);
  for (let i = 0; i < length; i += 1) {
    const value = saw[i] ?? NONE;
    if (value !== NONE && (seenUntil[value] ?? 0) < (ret[i] ?? NEVER)) seenUntil[value] = ret[i] ?? NEVER;
  }
  const of = new Int32Array(values).fill(NONE);
  /** The second write of a value, where there is one. */
  const again = new Int32Array(values).fill(NONE);
  for (let i = 0; i < length; i += 1) {
    const value = wrote[i] ?? NONE;
    // Who saw a value cannot have seen a write that was invoked afterwards.
    if (value === NONE || (call[i] ?? 0) >= (seenUntil[value] ?? 0)) continue;
    if (of[value] === NONE && value !== beginning) of[value] = i;
    else again[value] = i;
  }
  /**
   * Values that certainly were seen, with what an operation of unknown outcome that wrote one of them must have seen.
   */
  const certain = new Int32Array(values);
  const seer = new Int32Array(values).fill(NONE);
  let count = 0;
  const note = (value: number, entry: number): void => {
    if (seer[value] !== NONE) return;
    seer[value] = entry;
    certain[count] = value;
    count += 1;
  };
  for (let i = 0; i < length; i += 1) if (ret[i] !== NEVER && saw[i] !== NONE) note(saw[i] ?? 0, i);
  for (let k = 0; k < count; k += 1) {
    const value = certain[k] ?? 0;
    const second = again[value] ?? NONE;
    if (second !== NONE)
      return {
        verdict: inapplicable(
          `the value of ${nameOf(entries, second)} is ${value === beginning ? "that at the beginning" : "written several times"}`,
        ),
      };
    const writer = of[value] ?? NONE;
    if (writer !== NONE && ret[writer] === NEVER && saw[writer] !== NONE) note(saw[writer] ?? 0, writer);
  }
  for (let k = 0; k < count; k += 1) {
    const value = certain[k] ?? 0;
    if (of[value] !== NONE || value === beginning) continue;
    const proof: number[] = [];
    // A cas of unknown outcome proves something only together with who saw what it wrote.
    for (let entry = seer[value] ?? NONE; ; entry = seer[wrote[entry] ?? 0] ?? NONE) {
      proof.push(entry);
      if (ret[entry] !== NEVER) break;
    }
    const sentence = `${nameOf(entries, proof[0] ?? 0)} saw a value that was neither there at the beginning nor written before it completed`;
    return { verdict: { ...illegalFor(entries, proof, sentence), unexplained: proof[0] ?? 0 } };
  }
  for (let value = 0; value < values; value += 1) if (seer[value] === NONE) of[value] = NONE;
  return { of, seer };
}

function nodesOf(entries: Entries, { saw, wrote, beginning }: Effects, writers: Writers): RegisterNodes {
  const { length, ret } = entries;
  const seen = new Int32Array(length).fill(NONE);
  const writes = new Uint8Array(length);
  const firstRead = new Int32Array(length + 1).fill(NONE);
  const lastRead = new Int32Array(length + 1).fill(NONE);
  const next = new Int32Array(length + 1).fill(NONE);
  const seer = new Int32Array(length + 1).fill(NONE);
  let count = 1;
  let fork: readonly [number, number] | undefined;
  for (let i = 0; i < length; i += 1) {
    const written = wrote[i] ?? NONE;
    if (written !== NONE) {
      // With an unknown outcome, it happened if it was seen, and else makes no difference.
      if (ret[i] === NEVER && writers.of[written] !== i) continue;
      writes[i] = 1;
      count += 1;
      if (ret[i] === NEVER) seer[i + 1] = writers.seer[written] ?? NONE;
    }
    const value = saw[i] ?? NONE;
    if (value === NONE) continue;
    const node = value === beginning ? BEGINNING : (writers.of[value] ?? 0) + 1;
    seen[i] = node;
    if (written === NONE) {
      const first = firstRead[node] ?? NONE;
      if (first === NONE || (ret[i] ?? 0) < (ret[first] ?? 0)) firstRead[node] = i;
      lastRead[node] = i;
    } else if (next[node] === NONE) next[node] = i + 1;
    else fork ??= [(next[node] ?? 0) - 1, i];
  }
  return { seen, writes, firstRead, lastRead, next, seer, count, fork };
}
