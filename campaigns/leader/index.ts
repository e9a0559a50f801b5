/** All campaigns of leaders. */
import { leaderComesBack, leaderLateResignation, leaderRefusedCandidate } from "./candidates.ts";
import { leaderClock, leaderCutOff, leaderKilled, leaderOneWay, leaderPaused } from "./lost-leaders.ts";
import { leaderQuietTerm, leaderResignations } from "./resignations.ts";
import { leaderDemotedServer, leaderEmptyRestart, leaderPlannedFailover, leaderStaleFailover } from "./servers.ts";
import type { LeaderCampaign } from "./words/lanes.ts";

export const leaderCampaigns: readonly LeaderCampaign[] = [
  leaderQuietTerm,
  leaderResignations,
  leaderPaused,
  leaderKilled,
  leaderCutOff,
  leaderOneWay,
  leaderClock,
  leaderComesBack,
  leaderRefusedCandidate,
  leaderLateResignation,
  leaderEmptyRestart,
  leaderDemotedServer,
  leaderStaleFailover,
  leaderPlannedFailover,
];
