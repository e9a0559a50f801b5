/**
 * The published entry point `redquake/checkers`.
 * @module redquake/checkers
 */
export { MAX_ANOMALIES, MisuseError } from "./analysis.ts";
export type { Analysis, AnalysisOptions, Analyzer, Anomaly, Budget } from "./analysis.ts";
export { availability } from "./availability.ts";
export { MAX_FINDINGS } from "./checker.ts";
export type { Check as Checker, CheckResult, Finding } from "./checker.ts";
export { compose } from "./compose.ts";
export { delivery } from "./delivery/delivery.ts";
export { ELLE_ANALYZERS } from "./elle/analyzers.ts";
export { consistencyModel, CONSISTENCY_MODELS, ruledOutBy } from "./elle/consistency-models.ts";
export type { ConsistencyModel } from "./elle/consistency-models.ts";
export { listAppend } from "./elle/list-append.ts";
export { rwRegister } from "./elle/rw-register.ts";
export { ValueError } from "../history/vocabulary/read.ts";
export { jobs } from "./jobs/jobs.ts";
export { judge } from "./judge/judge.ts";
export { INVARIANT_ANALYZERS } from "./invariants/analyzers.ts";
export { LINEARIZABILITY_ANALYZERS } from "./linearizability/analyzers.ts";
export { linearizable } from "./linearizability/check.ts";
export type { LinearizableOptions } from "./linearizability/check.ts";
export { NEVER } from "./linearizability/entries.ts";
export type { Entries } from "./linearizability/entries.ts";
export { Illegal, illegal } from "./linearizability/model.ts";
export type { Growth, Model, Occurrence, Step } from "./linearizability/model.ts";
export { MODEL_MAKERS } from "./linearizability/models/index.ts";
export type { ModelMaker } from "./linearizability/models/index.ts";
export type { SpecialCase, SpecialVerdict } from "./linearizability/special/special-case.ts";
export { lockOverlap } from "./lock/overlap.ts";
export { lockProgress } from "./lock/progress.ts";
export { lockRelease } from "./lock/release.ts";
export { lockResource } from "./lock/resource.ts";
export { lockTokenOrder } from "./lock/token-order.ts";
export { MODELS } from "./models.ts";
export { registerSurvival } from "./survival/register.ts";
export { checkerNamed, CHECKERS } from "./registry.ts";
export { setSurvival } from "./survival/set.ts";
export { stopsAccepting } from "./stops-accepting.ts";
export { EXIT_CODES } from "./judge/verdict.ts";
export type { CampaignOutcome, JudgedClaim, Verdict } from "./judge/verdict.ts";
