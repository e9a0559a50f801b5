/**
 * Session guarantees at one key of lists, read by read. Each violation is also a cycle with the order of a process, but
 * of those only some are shown: this misses none.
 */
import { TYPE } from "../../../history/columns/columns.ts";
import { PairTable } from "../../kit/pair-table.ts";
import { NONE } from "../transactions/transactions.ts";
import { short } from "../words/words.ts";
import type { ListContext } from "./list-context.ts";

/** Behind all slots: where appends are that nobody read. */
const LAST = 0x7fff_ffff;

const NAMES = ["read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"].map(
  (each) => `${each}-violation`,
);

/** What a process knows of a key: positions, and the micro-operations that it has them from. */
interface Known {
  read: number;
  readBy: number;
  wrote: number;
  wroteBy: number;
}

/** Looks only for guarantees without a violation so far. */
export function sessionLists({ transactions, versions, findings, words }: ListContext): void {
  const { operations, process, transaction, outcome, writes, key, refused } = transactions;
  const { starts, complete, slot, seen, before, longest, writer } = versions;
  const missing = NAMES.filter((name) => !findings.counts.has(name));
  const table = new PairTable(operations >> 1);
  const known: Known[] = [];
  /** What transactions have done that are not over: it counts from the next transaction on. */
  let pending: (() => void)[] = [];
  let current = NONE;
  for (let m = 0; m < operations; m += 1) {
    const t = transaction[m] as number;
    if (t !== current) {
      for (const each of pending) each();
      pending = [];
      current = t;
    }
    const k = key[m] as number;
    if (outcome[t] === TYPE.fail || refused[k] === 1 || complete[k] === 0) continue;
    const number = table.getOrSet(k, process[t] as number, known.length);
    if (number === known.length) known.push({ read: 0, readBy: NONE, wrote: NONE, wroteBy: NONE });
    const of = known[number] as Known;
    const start = starts[k] as number;
    if (writes[m] === 0) {
      const length = seen[m] as number;
      if (length === NONE) continue;
      if (of.wrote !== NONE && of.wrote >= length) add("read-your-writes-violation", of.wroteBy, m);
      if (length < of.read) add("monotonic-reads-violation", of.readBy, m);
      // Own elements at the end say nothing of what others did.
      const foreign = length > 0 && before[start + length - 1] !== t;
      if (!foreign) continue;
      pending.push(() => {
        if (length > of.read) [of.read, of.readBy] = [length, m];
      });
      continue;
    }
    if (slot[m] === NONE && outcome[t] !== TYPE.ok) continue;
    const place = slot[m] === NONE ? LAST : (slot[m] as number) - start;
    if (of.wrote !== NONE && place < of.wrote) add("monotonic-writes-violation", of.wroteBy, m);
    if (place < of.read) add("writes-follow-reads-violation", of.readBy, m);
    pending.push(() => {
      if (place > of.wrote) [of.wrote, of.wroteBy] = [place, m];
    });
  }

  function add(name: string, earlier: number, later: number): void {
    const k = key[later] as number;
    if (!missing.includes(name)) return;
    const [a, b, c] = [transaction[earlier], transaction[later], transaction[longest[k] as number]] as [
      number,
      number,
      number,
    ];
    const start = starts[k] as number;
    // Who wrote what the earlier read has and the later one, or the later write, has not.
    const between =
      writes[earlier] === 1
        ? NONE
        : writes[later] === 0
          ? (writer[start + (seen[later] as number)] as number)
          : (before[start + (seen[earlier] as number) - 1] as number);
    findings.add(name, () => ({
      transactions: between === NONE ? [a, b, c] : [a, b, c, between],
      sentence: `One process first did ${words.transaction(a)}, and then ${words.transaction(b)}; but in ${short(words.key(later))}, ${short(words.result(later))} does not come after ${short(words.result(earlier))}.`,
      detail: { key: words.key(later), earlier: words.value(a), later: words.value(b) },
    }));
  }
}
