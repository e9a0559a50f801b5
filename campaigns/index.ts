/** All campaigns, in the order in which they run. */
import type { Campaign } from "../runner/campaign.ts";
import { cacheCampaigns } from "./cache/campaigns.ts";
import { clusterIsolatedPrimary } from "./cluster/isolated-primary.ts";
import { clusterSlotMigration } from "./cluster/slot-migration.ts";
import {
  clientClusterTransactions,
  clientClusterTransactionsAndReads,
  clientSlotMigration,
} from "./clients/clusters.ts";
import {
  clientBlockingReset,
  clientControl,
  clientDemotedServer,
  clientHeldRequest,
  clientLateRequest,
  clientLostReply,
  clientResetBurst,
} from "./clients/connections.ts";
import {
  clientBlackholedPrimary,
  clientCrashedPrimary,
  clientDemotedPrimary,
  clientOnlySentinel,
  clientPlannedFailover,
} from "./clients/failovers.ts";
import { etcdCutOffHolder, zookeeperCutOffHolder } from "./comparators/cut-off-holder.ts";
import { etcdLockRpc } from "./comparators/etcd-lock-rpc.ts";
import { etcdRegisters } from "./comparators/etcd-registers.ts";
import { etcdPausedHolder, etcdUnfencedPausedHolder, zookeeperPausedHolder } from "./comparators/paused-holder.ts";
import { deliveryKilledConsumer, deliveryLeavers, deliveryRefusals } from "./delivery/consumers.ts";
import {
  deliveryCrashFailover,
  deliveryPlannedFailover,
  deliveryShardFailover,
  deliverySlotMigration,
} from "./delivery/failovers.ts";
import { deliveryHeld, deliveryOneWay, deliveryReset } from "./delivery/links.ts";
import { deliveryControl, deliverySpecimens } from "./delivery/lossless.ts";
import { pubsubReconnect } from "./delivery/pubsub-reconnect.ts";
import {
  deliveryClockBack,
  deliveryGroupGone,
  deliveryPowerLossEverySecond,
  deliveryPowerLossSynced,
  deliveryPowerLossUnsynced,
  deliveryServerRestart,
} from "./delivery/servers.ts";
import { deliveryDelays, deliveryPausedSubscriber } from "./delivery/slow.ts";
import { streamsCrashedConsumer } from "./delivery/streams-crashed-consumer.ts";
import { jobsCrashedWorker } from "./jobs/crashed-worker.ts";
import { jobsDemotedServer } from "./jobs/demoted-server.ts";
import { jobsPausedWorker } from "./jobs/paused-worker.ts";
import { jobsPlannedFailover } from "./jobs/planned-failover.ts";
import { leaderCampaigns } from "./leader/index.ts";
import { lockClientClock, redlockClientClock } from "./locks/clocks/client-clock.ts";
import { redlockClockDrift } from "./locks/clocks/clock-drift.ts";
import { lockServerClockBack } from "./locks/clocks/server-clock-back.ts";
import { redlockFailedExtension } from "./locks/extensions/failed-extension.ts";
import { lockLateRefresh, redlockLateRefresh } from "./locks/extensions/late-refresh.ts";
import { lockOnPlannedFailover } from "./locks/failover/planned-failover.ts";
import {
  lockAcknowledgedFailover,
  lockOnSentinelFailover,
  lockReplicaClock,
  lockUnacknowledgedFailover,
} from "./locks/failover/stale-failover.ts";
import { lockLateRequest, redlockLateRequest } from "./locks/grants/late-request.ts";
import { redlockLongWait } from "./locks/grants/long-wait.ts";
import { lockLostReply, redlockLostReply } from "./locks/grants/lost-reply.ts";
import {
  lockSlowReplies,
  redlockPausedInFlight,
  redlockSlowReplies,
  redlockUnansweredGrant,
} from "./locks/grants/slow-replies.ts";
import { redlockComparedWrites, redlockEarlyComparedWrites } from "./locks/holders/compared-writes.ts";
import { lockSimpleCrashedHolder } from "./locks/holders/crashed-holder.ts";
import { lockCutOffHolder, redlockCutOffHolder } from "./locks/holders/cut-off-holder.ts";
import { lockDelayedWrite, lockFencedDelayedWrite } from "./locks/holders/delayed-write.ts";
import { lockHousekeeping, redlockHousekeeping } from "./locks/holders/housekeeping.ts";
import {
  lockFencedPausedHolder,
  lockSimplePausedHolder,
  redlockFencedPausedHolder,
  redlockLateRoutine,
  redlockPausedHolder,
} from "./locks/holders/paused-holder.ts";
import { lockPeriodicPartition, redlockPeriodicPartition } from "./locks/holders/periodic-partition.ts";
import { lockStuckHolder, redlockStuckHolder } from "./locks/holders/stuck-holder.ts";
import {
  redlockAmnesia,
  redlockClockJump,
  redlockEarlyRestart,
  redlockPowerLoss,
  redlockPowerLossSynced,
} from "./locks/majority/bare-majority.ts";
import { redlockContention } from "./locks/majority/contention.ts";
import { redlockMinorityDown } from "./locks/majority/minority-down.ts";
import { redlockMinorityKilled, redlockMinoritySilent } from "./locks/majority/minority-gone.ts";
import { lockPlainDelete } from "./locks/releases/plain-delete.ts";
import { lockReleaseInRefresh } from "./locks/releases/release-in-refresh.ts";
import { lockCleanRestart } from "./locks/servers/clean-restart.ts";
import { lockEvicted, lockNotEvicted } from "./locks/servers/evicted.ts";
import { lockScriptFlush, redlockScriptFlush } from "./locks/servers/script-flush.ts";
import { lockSimple } from "./locks/simple.ts";
import { lanesCampaigns } from "./locks/with-lanes.ts";
import { sentinelPlannedFailover } from "./sentinel/planned-failover.ts";
import { sentinelSplitBrain } from "./sentinel/split-brain.ts";
import { swarmLockFenced } from "./swarm/lock-fenced.ts";
import { swarmRedlock } from "./swarm/redlock.ts";
import { swarmStreams } from "./swarm/streams.ts";

export const campaigns: readonly Campaign[] = [
  lockSimple,
  lockSimpleCrashedHolder,
  lockSimplePausedHolder,
  lockPlainDelete,
  lockFencedPausedHolder,
  redlockMinorityDown,
  redlockPausedHolder,
  redlockClockJump,
  redlockAmnesia,
  pubsubReconnect,
  streamsCrashedConsumer,
  sentinelSplitBrain,
  sentinelPlannedFailover,
  clusterIsolatedPrimary,
  clusterSlotMigration,
  lockOnSentinelFailover,
  lockSlowReplies,
  redlockSlowReplies,
  lockCutOffHolder,
  redlockCutOffHolder,
  lockLateRefresh,
  redlockLateRefresh,
  redlockFailedExtension,
  redlockPausedInFlight,
  redlockMinorityKilled,
  redlockMinoritySilent,
  lockClientClock,
  redlockClientClock,
  lockServerClockBack,
  redlockClockDrift,
  redlockPowerLoss,
  redlockPowerLossSynced,
  lockCleanRestart,
  lockEvicted,
  lockNotEvicted,
  lockScriptFlush,
  redlockScriptFlush,
  lockOnPlannedFailover,
  lockStuckHolder,
  redlockStuckHolder,
  redlockContention,
  redlockUnansweredGrant,
  lockDelayedWrite,
  lockFencedDelayedWrite,
  redlockComparedWrites,
  redlockEarlyComparedWrites,
  redlockEarlyRestart,
  lockReplicaClock,
  lockAcknowledgedFailover,
  lockUnacknowledgedFailover,
  lockPeriodicPartition,
  redlockPeriodicPartition,
  redlockLateRoutine,
  lockHousekeeping,
  redlockHousekeeping,
  lockLostReply,
  redlockLostReply,
  lockLateRequest,
  redlockLateRequest,
  redlockLongWait,
  lockReleaseInRefresh,
  etcdPausedHolder,
  etcdUnfencedPausedHolder,
  etcdCutOffHolder,
  etcdLockRpc,
  etcdRegisters,
  zookeeperPausedHolder,
  zookeeperCutOffHolder,
  jobsPausedWorker,
  jobsCrashedWorker,
  jobsPlannedFailover,
  jobsDemotedServer,
  redlockFencedPausedHolder,
  clientControl,
  clientLostReply,
  clientLateRequest,
  clientHeldRequest,
  clientResetBurst,
  clientBlockingReset,
  clientDemotedServer,
  clientCrashedPrimary,
  clientBlackholedPrimary,
  clientPlannedFailover,
  clientDemotedPrimary,
  clientOnlySentinel,
  clientClusterTransactions,
  clientClusterTransactionsAndReads,
  clientSlotMigration,
  ...lanesCampaigns,
  deliveryControl,
  deliverySpecimens,
  deliveryReset,
  deliveryHeld,
  deliveryOneWay,
  deliveryKilledConsumer,
  deliveryRefusals,
  deliveryLeavers,
  deliveryDelays,
  deliveryPausedSubscriber,
  deliveryServerRestart,
  deliveryGroupGone,
  deliveryPowerLossSynced,
  deliveryPowerLossEverySecond,
  deliveryPowerLossUnsynced,
  deliveryClockBack,
  deliveryPlannedFailover,
  deliveryCrashFailover,
  deliverySlotMigration,
  deliveryShardFailover,
  ...cacheCampaigns,
  ...leaderCampaigns,
  swarmLockFenced,
  swarmRedlock,
  swarmStreams,
];
