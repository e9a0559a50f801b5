/** What is checked of an adapter, and how each check is told. */
import type { Random } from "../../../history/random.ts";
import type { Endpoint, LockAdapter } from "../adapter.ts";
import type { GuardOptions } from "../guard.ts";

/** The checks, in the order in which they are made. */
export const CONFORMANCE = {
  "asks-servers": "asks the servers that it is given",
  exclusive: "exclusive",
  "null-when-held": "says null when somebody else has the lock",
  "throws-when-refused": "does not say null when servers fail",
  "release-frees": "release frees the lock",
  "release-of-others": "release leaves another's lock alone",
  expires: "the lock expires without its holder",
  extends: "extends",
  "extends-own-only": "extends only what it holds",
  validity: "validity lies within the time to live",
  "reports-loss": "says so when the lock is lost",
  "token-rises": "the fencing token rises",
  "leaves-nothing": "leaves nothing behind",
  closes: "closes",
} as const;

export type CheckId = keyof typeof CONFORMANCE;

export interface ConformanceCheck {
  readonly id: CheckId;
  /** `skipped`: the adapter does not offer it. */
  readonly state: "passed" | "failed" | "skipped";
  /** What was seen, in words. */
  readonly seen: string;
}

export interface ConformanceOptions extends Pick<GuardOptions, "named" | "note" | "fail"> {
  readonly adapter: LockAdapter;
  /** As many servers as it locks on, with nothing in them. */
  readonly endpoints: readonly Endpoint[];
  readonly random: Random;
  /** See `ProcessWatch`. */
  readonly leftOver: (patienceMs: number) => Promise<string | undefined>;
  /** Told each check as soon as it is made. */
  readonly seen: (check: ConformanceCheck) => void;
}
