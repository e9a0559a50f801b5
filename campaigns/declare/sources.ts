/** Who makes the promises, and who said that there is none. */
const DOCS = "https://redis.io/docs/latest";

export const LOCK_PAGE = `${DOCS}/develop/clients/patterns/distributed-locks/`;
export const KLEPPMANN = "https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html";
export const ANTIREZ = "http://antirez.com/news/101";
export const EXPIRE_PAGE = `${DOCS}/commands/expire/`;
export const WAIT_PAGE = `${DOCS}/commands/wait/`;
export const EVICTION_PAGE = `${DOCS}/develop/reference/eviction/`;
export const SENTINEL_FAILOVER_LOSES = "https://github.com/redis/redis/issues/6062";
export const PUBSUB_PAGE = `${DOCS}/develop/pubsub/#delivery-semantics`;
export const STREAMS_PAGE = `${DOCS}/develop/data-types/streams/#consumer-groups`;
export const CLIENT_SIDE_CACHING_PAGE = `${DOCS}/develop/reference/client-side-caching/`;
export const SENTINEL_PAGE = `${DOCS}/operate/oss_and_stack/management/sentinel/`;
export const CLUSTER_PAGE = `${DOCS}/operate/oss_and_stack/reference/cluster-spec/#write-safety`;
export const REPLICATION_PAGE = `${DOCS}/operate/oss_and_stack/management/replication/`;
export const RESHARDING_PAGE = `${DOCS}/operate/oss_and_stack/reference/cluster-spec/#live-reconfiguration`;

/** Sources about the systems that Redis is compared with. */
export const JEPSEN_ETCD = "https://jepsen.io/analyses/etcd-3.4.3";
export const ETCD_LOCK_EXPIRED = "https://github.com/etcd-io/etcd/issues/11456";
export const ETCD3_LOST = "https://github.com/microsoft/etcd3/issues/110";
export const ETCD_GUARANTEES = "https://etcd.io/docs/v3.4/learning/api_guarantees/";
export const ZOOKEEPER_SESSIONS = "https://zookeeper.apache.org/doc/r3.8.0/zookeeperProgrammers.html#ch_zkSessions";

/** Sources about lock libraries. */
export const REDIS_SEMAPHORE_REACQUIRE = "https://github.com/swarthy/redis-semaphore/issues/175";
export const REDLOCK_USING_REJECTS = "https://github.com/mike-marcacci/node-redlock/issues/309";
export const REDIS_SEMAPHORE_CLOCKS = "https://github.com/swarthy/redis-semaphore#semaphore";
export const REDIS_SEMAPHORE_SPURIOUS_LOSS = "https://github.com/swarthy/redis-semaphore/issues/205";
export const REDLOCK_EXPIRED_AT_ONCE = "https://github.com/mike-marcacci/node-redlock/issues/169";
export const REDLOCK_RETRY_COUNT = "https://github.com/mike-marcacci/node-redlock/tree/v4.2.0#configuration";
export const SIMPLE_REDIS_MUTEX = "https://github.com/AmrSaber/simple-redis-mutex";

/** Sources about client libraries. */
export const IOREDIS_RESENDS = "https://github.com/redis/ioredis/issues/933";
export const IOREDIS_COMMAND_TIMEOUT =
  "https://redis.github.io/ioredis/interfaces/CommonRedisOptions.html#commandTimeout";

/** Sources about leader elections. */
export const LEASES_DO_NOT_FENCE = "https://pkg.go.dev/k8s.io/client-go/tools/leaderelection";
export const NODE_REDIS_TIMEOUT = "https://github.com/redis/node-redis/blob/master/docs/command-options.md#timeout";
export const NODE_REDIS_RECONNECTS =
  "https://github.com/redis/node-redis/blob/master/docs/client-configuration.md#reconnect-strategy";
export const REDIS_REPLIES = `${DOCS}/develop/reference/protocol-spec/#request-response-model`;

/** Sources about job queues. */
export const BULLMQ_NOTES = "https://docs.bullmq.io/bull/important-notes";
export const BULLMQ_STALLED = "https://docs.bullmq.io/guide/workers/stalled-jobs";
export const BULLMQ_RECONNECTS = "https://docs.bullmq.io/guide/going-to-production#automatic-reconnections";
export const BULLMQ_RUN_TWICE = "https://github.com/taskforcesh/bullmq/issues/439";
