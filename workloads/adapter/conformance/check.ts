/** What is checked of an adapter, whatever its kind, and how each check is told. */
import type { Random } from "../../../history/random.ts";
import type { AnyAdapter, Endpoint } from "../adapter.ts";
import type { GuardOptions } from "../guarded-calls.ts";

export interface ConformanceCheck {
  /** Unique among the checks of a kind. */
  readonly id: string;
  /** What is checked, in a few words. */
  readonly title: string;
  /** `skipped`: the adapter does not offer it. */
  readonly state: "passed" | "failed" | "skipped";
  /** What was seen, in words. */
  readonly seen: string;
}

export interface ConformanceOptions<Adapter extends AnyAdapter> extends Pick<GuardOptions, "named" | "note" | "fail"> {
  readonly adapter: Adapter;
  /** As many servers as it works on, with nothing in them. */
  readonly endpoints: readonly Endpoint[];
  readonly random: Random;
  /** See `ProcessWatch`. */
  readonly leftOver: (patienceMs: number) => Promise<string | undefined>;
  /** Told each check as soon as it is made. */
  readonly seen: (check: ConformanceCheck) => void;
}

/** Makes every check. @throws AdapterError when the adapter breaks its contract so that nothing more can be checked. */
export type Conformance<Adapter extends AnyAdapter = AnyAdapter> = (
  options: ConformanceOptions<Adapter>,
) => Promise<void>;
