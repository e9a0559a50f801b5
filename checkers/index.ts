/** The published entry point `redquake/checkers`. */
export { availability } from "./availability.ts";
export { MAX_FINDINGS } from "./checker.ts";
export type { Checker, CheckResult, Finding } from "./checker.ts";
export { delivery } from "./delivery.ts";
export { ValueError } from "./event-value.ts";
export { judge } from "./judge.ts";
export { lockOverlap } from "./lock-overlap.ts";
export { lockProgress } from "./lock-progress.ts";
export { lockRelease } from "./lock-release.ts";
export { lockResource } from "./lock-resource.ts";
export { lockTokenOrder } from "./lock-token-order.ts";
export { register } from "./register.ts";
export { checkerNamed, CHECKERS } from "./registry.ts";
export { set } from "./set.ts";
export { stopsAccepting } from "./stops-accepting.ts";
export { EXIT_CODES } from "./verdict.ts";
export type { CampaignOutcome, JudgedClaim, Verdict } from "./verdict.ts";
