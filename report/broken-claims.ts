/** The broken claims of a verdict with their findings told, and where each finding lies on the timeline. */
import type { CheckResult } from "../checkers/checker.ts";
import type { Claim } from "../history/plan.ts";
import type { HistoryEvent } from "../history/operation.ts";
import { NEMESIS } from "../history/operation.ts";
import type { Hold } from "./holds.ts";
import type { StoredRun } from "../store/stored-run.ts";
import type { Story } from "./story.ts";
import { tellStory } from "./story.ts";

export interface ToldFinding {
  /** `<claim>.<finding>`, both from 1. */
  readonly name: string;
  readonly story: Story;
  /** The window of the timeline that shows it, with some room around. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Index of the invoke of the operation that an event belongs to: its name on the timeline. */
  readonly operationOf: (event: HistoryEvent) => number | undefined;
}

export interface BrokenClaim {
  /** Position in the verdict, from 1. */
  readonly number: number;
  readonly claim: Claim;
  readonly result: CheckResult;
  readonly told: readonly ToldFinding[];
}

/** Broken promises first, then broken hopes; in the order of the verdict otherwise. */
export function brokenClaims({ verdict, history }: StoredRun, holds: readonly Hold[]): BrokenClaim[] {
  const broken = (verdict?.claims ?? [])
    .map(({ claim, result }, position) => ({ number: position + 1, claim, result }))
    .filter(({ result }) => result.verdict === "broken");
  if (broken.length === 0) return [];

  const invokeOf = new Map<number, HistoryEvent>();
  for (const { invoke, completion } of history.operations) {
    invokeOf.set(invoke.index, invoke);
    if (completion !== undefined) invokeOf.set(completion.index, invoke);
  }
  const operationOf = (event: HistoryEvent): number | undefined =>
    event.process === NEMESIS ? undefined : invokeOf.get(event.index)?.index;

  return broken
    .map(({ number, claim, result }) => ({
      number,
      claim,
      result,
      told: result.findings.map((finding, position): ToldFinding => {
        const story = tellStory(finding, history, holds);
        const room = Math.max(1000, (story.toUs - story.fromUs) * 0.15);
        return {
          name: `${number}.${position + 1}`,
          story,
          fromUs: Math.max(0, story.fromUs - room),
          toUs: story.toUs + room,
          operationOf,
        };
      }),
    }))
    .sort((a, b) => rank(a.claim) - rank(b.claim));
}

function rank(claim: Claim): number {
  return claim.standing === "promised" ? 0 : 1;
}
