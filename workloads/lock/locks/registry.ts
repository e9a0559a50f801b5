/** The locks that redquake brings along: references that are right, and specimens that are wrong on purpose. */
import type { LockAdapter } from "../adapter.ts";
import { fenced } from "./fenced.ts";
import { plainDelete } from "./plain-delete.ts";
import { redlock } from "./redlock.ts";
import { simple } from "./simple.ts";

const LOCKS: ReadonlyMap<string, LockAdapter> = new Map(
  [simple, plainDelete, fenced, redlock].map((lock) => [lock.name, lock]),
);

export function lockNamed(name: string): LockAdapter {
  const lock = LOCKS.get(name);
  if (lock === undefined)
    throw new TypeError(`there is no lock ${JSON.stringify(name)}; there are ${[...LOCKS.keys()].join(", ")}`);
  return lock;
}
