/** What adapters of all kinds have in common, and what they get to work with. Part of `redquake/adapter`. */
import type { Cluster, ClusterOptions, Redis, RedisOptions } from "ioredis";
import type { SystemPlan } from "../../history/plan.ts";
import type { Random } from "../../history/random.ts";
import type { NodeRedisClient } from "../clients/node-redis.ts";

/** What an adapter stands for. */
export type AdapterKindName = "lock" | "delivery" | "cache" | "leader" | "client";

/** What every adapter has, whatever its kind. */
export interface AnyAdapter {
  /** Default: `lock`. */
  readonly kind?: AdapterKindName;
  /** What is tested, with its exact version, such as `bullmq@6.7.0`. It stands in every result. */
  readonly name: string;
  /** The kinds of system that it can be run on, where its kind's default is not right. */
  readonly systems?: readonly SystemPlan["kind"][];
  /** Called once in each worker process, before the load begins. What it throws ends the run. */
  open(environment: AdapterEnvironment): unknown;
}

/** What an adapter gets to work with. */
export interface AdapterEnvironment {
  /** The kind of system under test. */
  readonly system: SystemPlan["kind"];
  /**
   * Where the servers are, each behind this worker's own fault proxy: one, or N independent ones, or the nodes of a
   * Cluster. With Sentinel, the sentinels: they name the primary of `masterName`.
   */
  readonly endpoints: readonly Endpoint[];
  /** With Sentinel only. */
  readonly masterName?: string;
  /** Unique in the run. */
  readonly clientId: string;
  /**
   * A new connection to the i-th endpoint (with Sentinel: to the primary), by redquake's own ioredis, for libraries
   * that take one. Those that are asked for in `open` are connected before the load begins; all are closed by redquake.
   * They have ioredis' defaults except where `options` say otherwise.
   * @throws RangeError when there is no such endpoint.
   */
  redis(i?: number, options?: RedisOptions): Redis;
  /**
   * A client of the whole Cluster by redquake's own ioredis; connected and closed as those of `redis` are.
   * @throws RangeError when the system is no Cluster.
   */
  cluster(options?: ClusterOptions): Cluster;
  /**
   * A connected client by redquake's own node-redis, with its defaults except where `options` say otherwise: to the
   * only server, with Sentinel to the primary, with a Cluster to all of it. Redquake closes it.
   * @typeParam Client such as node-redis' `RedisClientType`
   */
  nodeRedis<Client = NodeRedisClient>(options?: object): Promise<Client>;
  /** The worker's own source of randomness: the same seed, the same draws. */
  readonly random: Random;
  /** Aborted when the worker has nothing left to do, before `close` is called. */
  readonly signal: AbortSignal;
  /**
   * For locks: the time to live that the campaign asks for in every `acquire`, where it has only one: for libraries
   * that take it when they are made.
   */
  readonly ttlMs?: number;
  /** For leaders: what they are elected for, unique among the elections of the run. */
  readonly election?: string;
  /** For leaders: how long a term is to last without a renewal, in milliseconds. */
  readonly termMs?: number;
  /**
   * How long a command may take, where the campaign is about clients that give up: `redis()` has it as ioredis'
   * `commandTimeout`.
   */
  readonly commandTimeoutMs?: number;
  /** Writes a line to the worker's log. */
  log(text: string): void;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}
