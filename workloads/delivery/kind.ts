/** Deliveries of messages as a kind of adapter. */
import type { AdapterKind } from "../adapter/kind.ts";
import type { DeliveryAdapter } from "./adapter.ts";
import { assertDeliveryAdapter, DELIVERY_FACTS } from "./adapter-shape.ts";
import { deliveryCommand } from "./command-adapter.ts";
import { deliveries } from "./registry.ts";

export const deliveryKind: AdapterKind<DeliveryAdapter> = {
  kind: "delivery",
  facts: DELIVERY_FACTS,
  systemsOf: () => ["single"],
  testServers: () => 1,
  shelf: deliveries,
  assert: assertDeliveryAdapter,
  command: deliveryCommand,
};
