/** Clients as a kind of adapter. */
import type { AdapterKind } from "../adapter/kind.ts";
import type { ClientAdapter } from "./adapter.ts";
import { assertClientAdapter, CLIENT_FACTS } from "./adapter-shape.ts";
import { clientCommand } from "./command-adapter.ts";
import { clients } from "./registry.ts";

export const clientKind: AdapterKind<ClientAdapter> = {
  kind: "client",
  facts: CLIENT_FACTS,
  systemsOf: () => ["single", "sentinel", "cluster"],
  testServers: () => 1,
  shelf: clients,
  assert: assertClientAdapter,
  command: clientCommand,
};
