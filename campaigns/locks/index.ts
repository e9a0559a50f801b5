/** The schedules that tell specimens from references, each several locks side by side. */
import { lockCrashedInAcquire } from "./crashed-in-acquire.ts";
import { lockExtensionAfterExpiry } from "./extension-after-expiry.ts";
import type { LanesCampaign } from "./words/lanes.ts";
import { lockLateExtension } from "./late-extension.ts";
import { lockLateRelease } from "./late-release.ts";
import { lockLateToken } from "./late-token.ts";
import { redlockSlowMajority } from "./redlock-slow-majority.ts";
import { redlockSplit } from "./redlock-split.ts";
import { lockLostExtension, redlockLostExtension } from "./lost-extension.ts";
import { lockReplicatedToken } from "./replicated-token.ts";
import { lockResentRelease, redlockResentRelease } from "./resent-release.ts";
import { lockSilentRefresh } from "./silent-refresh.ts";
import { lockSkewedClient } from "./skewed-client.ts";
import { lockSlowAnswer } from "./slow-answer.ts";
import { lockSlowExtension, redlockSlowExtension } from "./slow-extension.ts";
import { lockSlowRefresh, redlockSlowRefresh } from "./slow-refresh.ts";

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
