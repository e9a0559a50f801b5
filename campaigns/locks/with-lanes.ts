/** The campaigns with lanes: their schedules tell specimens from references, several locks side by side. */
import { lockSkewedClient } from "./clocks/skewed-client.ts";
import { lockExtensionAfterExpiry } from "./extensions/extension-after-expiry.ts";
import { lockLateExtension } from "./extensions/late-extension.ts";
import { lockLostExtension, redlockLostExtension } from "./extensions/lost-extension.ts";
import { lockSilentRefresh } from "./extensions/silent-refresh.ts";
import { lockSlowExtension, redlockSlowExtension } from "./extensions/slow-extension.ts";
import { lockSlowRefresh, redlockSlowRefresh } from "./extensions/slow-refresh.ts";
import { lockReplicatedToken } from "./failover/stale-failover.ts";
import { lockCrashedInAcquire } from "./grants/crashed-in-acquire.ts";
import { lockLateToken, lockSlowAnswer, redlockSlowMajority } from "./grants/late-answer.ts";
import { redlockSplit } from "./majority/split.ts";
import { lockLateRelease } from "./releases/late-release.ts";
import { lockResentRelease, redlockResentRelease } from "./releases/resent-release.ts";
import type { LanesCampaign } from "./words/lanes.ts";

export const lanesCampaigns: readonly LanesCampaign[] = [
  lockLateRelease,
  lockCrashedInAcquire,
  lockLateExtension,
  lockExtensionAfterExpiry,
  lockSilentRefresh,
  lockLateToken,
  lockSlowAnswer,
  lockSkewedClient,
  redlockSlowMajority,
  redlockSplit,
  lockReplicatedToken,
  lockSlowExtension,
  redlockSlowExtension,
  lockSlowRefresh,
  redlockSlowRefresh,
  lockLostExtension,
  redlockLostExtension,
  lockResentRelease,
  redlockResentRelease,
];
