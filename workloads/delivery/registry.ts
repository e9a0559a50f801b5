/** The deliveries that redquake brings along. Libraries of npm are named with their version. */
import { shelf } from "../adapter/shelf.ts";
import type { Shelf } from "../adapter/shelf.ts";
import type { DeliveryAdapter } from "./adapter.ts";
import { deliveryLibraries } from "./libraries/registry.ts";
import { delayedSet } from "./references/delayed-set.ts";
import { reliableList, unreliableList } from "./references/lists.ts";
import { patternSubscription, subscription } from "./references/subscription.ts";
import { shardedSubscription } from "./references/sharded-subscription.ts";
import { streamGroup } from "./references/stream-group.ts";
import { deliverySpecimens } from "./specimens/registry.ts";

export const deliveries: Shelf<DeliveryAdapter> = shelf<DeliveryAdapter>({
  what: "delivery",
  own: [subscription, patternSubscription, shardedSubscription, streamGroup, reliableList, unreliableList, delayedSet],
  specimens: deliverySpecimens,
  libraries: deliveryLibraries,
});
