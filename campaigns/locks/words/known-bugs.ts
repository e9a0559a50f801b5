/**
 * Bugs of lock libraries that are known to be in the very versions, and the campaigns that show them: by them redquake
 * itself is measured.
 */
import {
  IOREDIS_COMMAND_TIMEOUT,
  IOREDIS_RESENDS,
  LOCK_PAGE,
  REDIS_SEMAPHORE_CLOCKS,
  REDIS_SEMAPHORE_SPURIOUS_LOSS,
  REDLOCK_EXPIRED_AT_ONCE,
  REDLOCK_RETRY_COUNT,
  REDLOCK_USING_REJECTS,
  SIMPLE_REDIS_MUTEX,
} from "../../declare/sources.ts";

export interface KnownBug {
  /** What happens, in one sentence without judgement. */
  readonly title: string;
  /** The lock, with its version. */
  readonly lock: string;
  readonly campaign: string;
  /** The claim of that campaign that breaks. */
  readonly claim: string;
  /** Where it was reported or described. */
  readonly source: string;
  /** A lock that does not have it, which the same campaign must find to be well with the same seed. */
  readonly without?: string;
}

const REDLOCK_UNIVERSAL = "https://github.com/alexpota/redlock-universal";
const REDLOCK_VALIDITY = "https://github.com/mike-marcacci/node-redlock/pull/369";

export const KNOWN_BUGS: readonly KnownBug[] = [
  {
    title: "A lock is granted that is already over, when the majority's replies come after its time to live.",
    lock: "redlock@5.0.0-beta.2",
    campaign: "redlock-slow-replies",
    claim: "grant",
    source: REDLOCK_VALIDITY,
    without: "redlock@4.2.0",
  },
  {
    title: "A lock is granted that is already over, when the majority's replies come after its time to live.",
    lock: "@sesamecare-oss/redlock@1.4.0",
    campaign: "redlock-slow-replies",
    claim: "grant",
    source: REDLOCK_VALIDITY,
    without: "redlock-universal@0.8.5",
  },
  {
    title: "An extension that fails gives the lock away, while the library still names a validity.",
    lock: "redlock@4.2.0",
    campaign: "redlock-failed-extension",
    claim: "belief",
    source: "https://github.com/mike-marcacci/node-redlock/issues/11",
    without: "redlock-universal@0.8.5",
  },
  {
    title: "A lock is granted that is already over, when the majority's replies come after its time to live.",
    lock: "redis-semaphore/RedlockMutex@5.8.0",
    campaign: "redlock-slow-replies",
    claim: "belief",
    source: LOCK_PAGE,
    without: "redlock@4.2.0",
  },
  {
    title: "A holder that is cut off without a word is not told that its lock is over.",
    lock: "redis-semaphore/Mutex@5.8.0",
    campaign: "lock-cut-off-holder",
    claim: "belief",
    source: "https://github.com/swarthy/redis-semaphore/issues/24",
    without: "simple",
  },
  {
    title: "A refresh that comes too late gets a lock back that was lost, and does not tell.",
    lock: "redis-semaphore/Mutex@5.3.0",
    campaign: "lock-late-refresh",
    claim: "belief",
    source: "https://github.com/swarthy/redis-semaphore/issues/175",
    without: "redis-semaphore/Mutex@5.3.1",
  },
  {
    title: "A release that comes too late frees another client's lock.",
    lock: "redis-lock@1.0.0",
    campaign: "lock-plain-delete",
    claim: "grant",
    source: "https://github.com/errorception/redis-lock/issues/29",
    without: "redis-semaphore/Mutex@5.8.0",
  },
  {
    title: "A holder whose lock is over gets a greater token than the next one.",
    lock: "simple-redis-mutex@3.0.0",
    campaign: "lock-slow-replies",
    claim: "token-order",
    source: "https://github.com/AmrSaber/simple-redis-mutex/issues/15",
    without: "fenced",
  },
  {
    title: "A server that falls silent keeps everybody from the lock, though a majority answers.",
    lock: "redlock@4.2.0",
    campaign: "redlock-minority-silent",
    claim: "progress",
    source: "https://github.com/mike-marcacci/node-redlock/issues/262",
    without: "redlock",
  },
  {
    title:
      "A failed attempt keeps the servers that it did lock until all attempts are over, and blocks all other clients.",
    lock: "redlock@5.0.0-beta.2",
    campaign: "redlock-contention",
    claim: "progress",
    source: "https://github.com/mike-marcacci/node-redlock/issues/168",
    without: "redlock@4.2.0",
  },
  {
    title: "A call rejects although its routine has done its work.",
    lock: "redlock/using@5.0.0-beta.2",
    campaign: "redlock-late-routine",
    claim: "outcome",
    source: REDLOCK_USING_REJECTS,
    without: "redlock-universal/using@0.8.5",
  },
  {
    title: "A clock that is ahead lets one more hold a semaphore.",
    lock: "redis-semaphore/Semaphore@5.8.0",
    campaign: "lock-client-clock",
    claim: "belief",
    source: REDIS_SEMAPHORE_CLOCKS,
    without: "redis-semaphore/Mutex@5.8.0",
  },
  {
    title: "A short time to live is prolonged again and again, without a pause.",
    lock: "redlock-universal/using@0.8.5",
    campaign: "redlock-housekeeping",
    claim: "load",
    source: REDLOCK_UNIVERSAL,
    without: "redlock-universal@0.8.5",
  },
  {
    title: "One server is accepted as a quorum, and two clients hold the lock.",
    lock: "redlock-universal/quorum-1@0.8.5",
    campaign: "redlock-split",
    claim: "belief",
    source: REDLOCK_UNIVERSAL,
    without: "redlock-universal@0.8.5",
  },
  {
    title: "What servers granted without answering in time is not given back.",
    lock: "redlock-universal/timeout-500@0.8.5",
    campaign: "redlock-unanswered-grant",
    claim: "progress",
    source: REDLOCK_UNIVERSAL,
    without: "redlock",
  },
  {
    title: "A release deletes whatever lock is there.",
    lock: "redis-mutex@2.0.1",
    campaign: "lock-plain-delete",
    claim: "grant",
    source: LOCK_PAGE,
    without: "redis-semaphore/Mutex@5.8.0",
  },
  {
    title: "A server that falls silent keeps everybody from the lock, though a majority answers.",
    lock: "redis-semaphore/RedlockMutex@5.8.0",
    campaign: "redlock-minority-silent",
    claim: "progress",
    source: LOCK_PAGE,
    without: "redlock",
  },
  {
    title:
      "Replies of a majority are lost, and the client's own keys keep it from the lock until all attempts are over.",
    lock: "redlock@5.0.0-beta.2",
    campaign: "redlock-lost-reply",
    claim: "progress",
    source: REDLOCK_VALIDITY,
    without: "redlock@4.2.0",
  },
  {
    title: "A call for one attempt makes eleven.",
    lock: "redlock/once@4.2.0",
    campaign: "redlock-long-wait",
    claim: "prompt-answer",
    source: REDLOCK_RETRY_COUNT,
    without: "redlock/once@5.0.0-beta.2",
  },
  {
    title: "A lock that was waited for longer than its time to live is over as soon as it is granted.",
    lock: "redlock/using@5.0.0-beta.2",
    campaign: "redlock-long-wait",
    claim: "false-loss",
    source: REDLOCK_EXPIRED_AT_ONCE,
    without: "@sesamecare-oss/redlock/using@1.4.0",
  },
  {
    title: "A lock that its own client releases while it is refreshed is reported as lost.",
    lock: "redis-semaphore/Mutex@5.5.0",
    campaign: "lock-release-in-refresh",
    claim: "false-loss",
    source: REDIS_SEMAPHORE_SPURIOUS_LOSS,
    without: "redis-semaphore/Mutex@5.5.1",
  },
  {
    title: "A grant whose reply is lost is asked for again, and the client is refused by its own key.",
    lock: "redis-semaphore/Mutex@5.8.0",
    campaign: "lock-lost-reply",
    claim: "refusal",
    source: IOREDIS_RESENDS,
    without: "node-redis-warlock@1.0.2",
  },
  {
    title: "An extension of a lock that another client has had since resolves as any other does.",
    lock: "simple-redis-mutex@3.0.0",
    campaign: "lock-extension-after-expiry",
    claim: "extension: extended by its holder",
    source: SIMPLE_REDIS_MUTEX,
    without: "@microfleet/ioredis-lock@6.0.1",
  },
  {
    title: "A request that its client has given up is granted when it arrives, and nobody frees it.",
    lock: "@microfleet/ioredis-lock@6.0.1",
    campaign: "lock-late-request",
    claim: "progress",
    source: IOREDIS_COMMAND_TIMEOUT,
    without: "retracting",
  },
  {
    title: "What servers grant that did not answer in time is not given back.",
    lock: "redlock-universal@0.8.5",
    campaign: "redlock-late-request",
    claim: "progress",
    source: REDLOCK_UNIVERSAL,
    without: "redlock@4.2.0",
  },
  {
    title: "The server's own lock is granted to those whose leases are over (etcd 3.4).",
    lock: "etcd-lock-rpc",
    campaign: "etcd-lock-rpc",
    claim: "grant",
    source: "https://github.com/etcd-io/etcd/issues/11456",
  },
];
