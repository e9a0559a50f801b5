/** Leaders as a kind of adapter. */
import type { AdapterKind } from "../adapter/kind.ts";
import type { LeaderAdapter } from "./adapter.ts";
import { assertAdapter, LEADER_FACTS } from "./adapter-shape.ts";
import { leaderCommand } from "./command-adapter.ts";
import { leaders } from "./registry.ts";

export const leaderKind: AdapterKind<LeaderAdapter> = {
  kind: "leader",
  facts: LEADER_FACTS,
  systemsOf: () => ["single", "sentinel"],
  testServers: () => 1,
  shelf: leaders,
  assert: assertAdapter,
  command: leaderCommand,
};
