/**
 * The operations with unknown outcomes that can make a difference. One that nobody can have noticed is left out: if
 * some order with it is legal, so is the same order without it. Leaving one out may leave another unnoticed, so this
 * goes on until nothing changes.
 */
import type { Classes } from "./classes.ts";
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import type { Model, Occurrence } from "../model.ts";

/** Enough for all but contrived chains; what is left after the last round is searched, which is slower but as right. */
const MAX_ROUNDS = 32;

export interface Unknowns {
  /** For each entry with an unknown outcome, whether it is kept. */
  readonly kept: Uint8Array;
  /** For each class, until when (an index of an event) an operation of it can be noticed. */
  readonly until: Int32Array;
}

export function unknownsThatMatter(entries: Entries, classes: Classes, model: Model<unknown>): Unknowns {
  const { length, call, ret } = entries;
  const kept = new Uint8Array(length);
  const until = new Int32Array(classes.steps.length).fill(NEVER);
  let left = 0;
  for (let i = 0; i < length; i += 1) {
    if (ret[i] !== NEVER || classes.isRead[classes.of[i] ?? 0] === true) continue;
    kept[i] = 1;
    left += 1;
  }
  for (let round = 0; round < MAX_ROUNDS && left > 0 && model.lastObservation !== undefined; round += 1) {
    const last = model.lastObservation(occurrences(entries, classes, kept));
    classes.steps.forEach((step, kind) => {
      until[kind] = Math.min(NEVER, last(step));
    });
    let dropped = 0;
    for (let i = 0; i < length; i += 1) {
      if (kept[i] === 0 || (until[classes.of[i] ?? 0] ?? NEVER) > (call[i] ?? 0)) continue;
      kept[i] = 0;
      dropped += 1;
    }
    if (dropped === 0) break;
    left -= dropped;
  }
  return { kept, until };
}

/**
 * The classes of all operations that happened and of those unknown ones that are kept, with the latest completion of
 * each.
 */
export function occurrences({ length, ret }: Entries, { of, steps }: Classes, kept: Uint8Array): Occurrence[] {
  const latest = new Int32Array(steps.length).fill(-1);
  for (let i = 0; i < length; i += 1) {
    if (ret[i] === NEVER && kept[i] === 0) continue;
    const kind = of[i] ?? 0;
    latest[kind] = Math.max(latest[kind] ?? -1, ret[i] ?? NEVER);
  }
  return steps.flatMap((step, kind) => ((latest[kind] ?? -1) === -1 ? [] : [{ step, ret: latest[kind] ?? -1 }]));
}
