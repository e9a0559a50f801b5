/** The libraries that deliver messages and that redquake brings adapters for, with their exact versions. */
import type { AdapterLibrary } from "../../adapter/shelf.ts";
import type { DeliveryAdapter } from "../adapter.ts";
import { bullmqQueue, bullmqShortLocks } from "./bullmq.ts";
import { ioredisSharded, ioredisSubscribe } from "./ioredis.ts";
import { nodeRedisSharded, nodeRedisSubscribe } from "./node-redis.ts";

export const deliveryLibraries: readonly AdapterLibrary<DeliveryAdapter>[] = [
  ioredisSubscribe,
  ioredisSharded,
  nodeRedisSubscribe,
  nodeRedisSharded,
  bullmqQueue,
  bullmqShortLocks,
];
