/** Locks as a kind of adapter. */
import type { SystemPlan } from "../../history/plan.ts";
import type { AdapterKind } from "../adapter/kind.ts";
import type { LockAdapter } from "./adapter.ts";
import { assertAdapter, LOCK_FACTS } from "./adapter-shape.ts";
import type { LockFacts } from "./adapter-shape.ts";
import { lockCommand } from "./command-adapter.ts";
import { locks } from "./registry.ts";

/** The systems on which a lock works that locks on one server, or on a majority. */
const SYSTEMS: Readonly<Record<NonNullable<LockFacts["servers"]>, readonly SystemPlan["kind"][]>> = {
  one: ["single", "sentinel"],
  majority: ["independent"],
};

/** So many, where it locks on a majority: one may be missing. */
const TEST_SERVERS = { one: 1, majority: 3 } as const;

export const lockKind: AdapterKind<LockAdapter> = {
  kind: "lock",
  facts: LOCK_FACTS,
  systemsOf: (facts) => SYSTEMS[LOCK_FACTS.parse(facts).servers ?? "one"],
  testServers: (facts) => TEST_SERVERS[LOCK_FACTS.parse(facts).servers ?? "one"],
  shelf: locks,
  assert: assertAdapter,
  command: lockCommand,
};
