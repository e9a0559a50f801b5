/**
 * Locks that are broken on purpose, each with one flaw that is found in the field: they show that redquake finds what
 * it says that it finds. Everything else of them is as in the reference that is named with them, which has to come
 * through the same faults.
 */
import type { LockAdapter } from "../adapter.ts";

export interface Specimen {
  readonly lock: LockAdapter;
  /** The flaw, as it goes on after the lock's name: `its release …`. */
  readonly flaw: string;
}
