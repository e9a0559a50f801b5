/**
 * What the store certainly had: a copy is proved to be stale only by versions that nobody can have lost.
 *
 * A store that keeps what it acknowledged has, from each acknowledgement on, that version or a newer one. Where a
 * failover or a restart may lose writes, only that is certain which was seen on both sides: between two
 * looks that found the same version it was there all the time, as every version is written once; and a write that
 * tells what it replaced leaves no gap.
 */
import type { KeyRecords, Look } from "./records.ts";

export interface Certainty {
  /** Whether the store had a newer version than this one at every moment of a span. */
  newerThan(version: number, from: number, to: number): boolean;
}

export function certaintyOf(records: KeyRecords, mayLose: boolean): Certainty {
  return mayLose ? seenOnBothSides(records) : acknowledged(records);
}

function acknowledged({ inOrder }: KeyRecords): Certainty {
  const writes = inOrder.filter(({ outcome }) => outcome === "ok").sort((a, b) => a.told - b.told);
  /** The newest version of those that had been told so far. */
  let newest = 0;
  const floors = writes.map(({ version }) => (newest = Math.max(newest, version)));
  return {
    newerThan: (version, from) => (floors[lastAtOrBefore(writes, from, ({ told }) => told)] ?? 0) > version,
  };
}

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly version: number;
}

interface Evidence extends Segment {
  /** What a write replaced, where it is the evidence of that write. */
  readonly replaced: number | undefined;
}

function seenOnBothSides({ inOrder, looks }: KeyRecords): Certainty {
  const stored = inOrder.filter(({ outcome }) => outcome === "ok");
  const evidence: Evidence[] = [
    ...looks.filter(outsideOf(stored.map(({ began, stored: to }) => ({ from: began, to })))).flatMap(evidenceOf),
    ...stored.flatMap(({ began, stored: to, version, before }) => [
      ...(before === undefined ? [] : [{ from: began, to, version: before, replaced: undefined }]),
      { from: began, to, version, replaced: before },
    ]),
  ].sort((a, b) => a.from - b.from || a.version - b.version);
  const segments: Segment[] = [];
  let first: Evidence | undefined;
  let last: Evidence | undefined;
  /** Whether what the first evidence of this version replaced was there for a time before. */
  let isBridged = false;
  /** @returns whether this version was there for a time */
  const close = (): boolean => {
    if (first === undefined || last === undefined || last.from <= first.to) return false;
    // While it was being written there was what it replaced, and then this: it was seen later, so it was not lost.
    if (first.replaced !== undefined && isBridged)
      segments.push({ from: first.from, to: first.to, version: first.replaced });
    segments.push({ from: first.to, to: last.from, version: first.version });
    return true;
  };
  for (const each of evidence) {
    if (each.version !== last?.version) {
      isBridged = close();
      first = each;
    }
    last = each;
  }
  close();
  return {
    newerThan: (version, from, to) => {
      let covered = from;
      for (let i = lastAtOrBefore(segments, from, (segment) => segment.from); i >= 0 && i < segments.length; i += 1) {
        const segment = segments[i];
        if (segment === undefined || segment.from > covered || segment.version <= version) return false;
        covered = Math.max(covered, segment.to);
        if (covered >= to) return true;
      }
      return false;
    },
  };
}

function evidenceOf({ from, to, version }: Look): Evidence[] {
  return version === undefined ? [] : [{ from, to, version, replaced: undefined }];
}

/** Looks that overlap a write may have found what was there before it, or after it: they tell nothing of order. */
function outsideOf(writes: readonly { readonly from: number; readonly to: number }[]): (look: Look) => boolean {
  return ({ from, to }) => {
    const before = writes[lastAtOrBefore(writes, to, (write) => write.from)];
    return before === undefined || before.to < from;
  };
}

/** The index of the last item whose time is not after `time`; -1 where there is none. The items are in order. */
function lastAtOrBefore<Item>(items: readonly Item[], time: number, timeOf: (item: Item) => number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && timeOf(item) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
