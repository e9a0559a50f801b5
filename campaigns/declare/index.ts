/**
 * The published entry point `redquake/campaign`: what a campaign of one's own is written with.
 * @module redquake/campaign
 */
export { z } from "zod";
export type {
  CampaignDeclaration,
  ClaimOptions,
  DeclaredClaim,
  DeclaredFault,
  DeclaredSystem,
  When,
} from "./declare.ts";
export { campaign, fault, hoped, promised, withoutExpectation } from "./declare.ts";
export type { DeclaredWorker } from "./workers.ts";
export { reader, workers } from "./workers.ts";
export type { Check as Checker, CheckResult, Finding } from "../../checkers/checker.ts";
export type { OwnChecker } from "../../checkers/registry.ts";
export { defineChecker } from "../../checkers/registry.ts";
export { History } from "../../history/history.ts";
export type { Claim, ClaimNeeds, FaultPlan, Plan, SystemPlan, WorkerPlan } from "../../history/plan.ts";
export type { Random } from "../../history/random.ts";
export type { Fault, FaultContext, FaultKind, FaultOptions } from "../../nemesis/fault.ts";
export { defineFault } from "../../nemesis/fault.ts";
export { names } from "../../nemesis/fault-options.ts";
export type { Schedule } from "../../nemesis/schedule/schedule.ts";
export { resolveNode } from "../../nemesis/targets.ts";
export type { Campaign, Suite } from "../../runner/campaign.ts";
export type { OptionsOf, Role, Workload } from "../../workloads/role.ts";
export { defineWorkload, role } from "../../workloads/role.ts";
export type {
  Completion,
  Ends,
  LogicalClient,
  NodeAddress,
  WorkerContext,
  WorkerSurroundings,
} from "../../workloads/workload.ts";
