/** What is done with a user's adapter apart from runs, in a process of its own, and what that process says of it. */
import type { AdapterFacts } from "../../workloads/adapter/kind.ts";
import type { AdapterSource } from "../../workloads/adapter/adapter-source.ts";
import type { Endpoint } from "../../workloads/adapter/adapter.ts";
import type { ConformanceCheck } from "../../workloads/adapter/conformance/check.ts";

export type Errand =
  /** Load it, and say what it is. */
  | { readonly kind: "describe"; readonly source: AdapterSource }
  /** Put it to the test on these servers. */
  | {
      readonly kind: "conformance";
      readonly source: AdapterSource;
      readonly endpoints: readonly Endpoint[];
      readonly seed: number;
    };

export type FromErrand =
  | { readonly kind: "facts"; readonly facts: AdapterFacts }
  | { readonly kind: "check"; readonly check: ConformanceCheck }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "failed"; readonly message: string; readonly by: "harness" | "adapter" }
  | { readonly kind: "done" };
