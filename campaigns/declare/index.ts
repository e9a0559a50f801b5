/** The published entry point `redquake/campaign`: what a campaign of one's own is written with. */
export type { CampaignDeclaration, DeclaredFault, DeclaredSystem } from "./declare.ts";
export { campaign, fault, hoped, promised, reader, withoutExpectation, workers } from "./declare.ts";
export type { Campaign, Suite } from "../../runner/campaign.ts";
export type { Claim, ClaimNeeds, FaultPlan, Plan, SystemPlan, WorkerPlan } from "../../history/plan.ts";
export type { Random } from "../../history/random.ts";
export type { Schedule } from "../../nemesis/schedule/schedule.ts";
