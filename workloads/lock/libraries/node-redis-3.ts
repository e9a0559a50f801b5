/** What locks need of `redis` 3 (https://github.com/redis/node-redis/tree/v3.1.2), whose interface is callbacks. */
import type { EventEmitter } from "node:events";
import type { Endpoint } from "../../adapter/adapter.ts";

export interface NodeRedis3Module {
  createClient(options: Endpoint): NodeRedis3;
}

export type NodeRedis3 = EventEmitter & { end(flush: boolean): void };
