/**
 * The contracts of whatever of yours is put to the test: locks, and what delivers messages, caches, leads, or sends
 * commands. They are explained with examples in `docs/adapters.md`.
 * @module redquake/adapter
 */
export type { AdapterEnvironment, AdapterKindName, AnyAdapter, Endpoint } from "./adapter/adapter.ts";
export type {
  Consumer,
  Consumption,
  DeliveryAdapter,
  DeliveryClient,
  DeliveryContract,
  Handler,
  PublishOptions,
} from "./delivery/adapter.ts";
export type { NodeRedisClient } from "./clients/node-redis.ts";
export type { CacheAdapter, CacheClient, CacheWrite } from "./cache/adapter.ts";
export type { Candidate, LeaderAdapter, LeaderClient, LeaderEnvironment, Standing, Term } from "./leader/adapter.ts";
export type { Client, ClientAdapter, ClientCommand } from "./client/adapter.ts";
export type { Held, LockAdapter, LockClient, Wait } from "./lock/adapter.ts";
