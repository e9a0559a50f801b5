/** Who makes the promises, and who said that there is none. */
const DOCS = "https://redis.io/docs/latest";

export const LOCK_PAGE = `${DOCS}/develop/clients/patterns/distributed-locks/`;
export const KLEPPMANN = "https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html";
export const PUBSUB_PAGE = `${DOCS}/develop/pubsub/#delivery-semantics`;
export const STREAMS_PAGE = `${DOCS}/develop/data-types/streams/#consumer-groups`;
export const SENTINEL_PAGE = `${DOCS}/operate/oss_and_stack/management/sentinel/`;
export const CLUSTER_PAGE = `${DOCS}/operate/oss_and_stack/reference/cluster-spec/#write-safety`;
export const REPLICATION_PAGE = `${DOCS}/operate/oss_and_stack/management/replication/`;
export const RESHARDING_PAGE = `${DOCS}/operate/oss_and_stack/reference/cluster-spec/#live-reconfiguration`;
