/** Which campaigns call which parts of an adapter: the table in docs/adapters.md says what the campaigns' plans say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { campaigns } from "../../campaigns/index.ts";
import { hasLanes, isForOthers } from "../../campaigns/locks/words/lanes.ts";
import { isOfLocks } from "../../session/select/campaign-kinds.ts";
import type { Plan } from "../../history/plan.ts";
import { packageRoot } from "../../machine/package-root.ts";

const EXTENDS = ["extendEveryMs", "extendAt"];

/** What a plan asks of an adapter beyond what all ask. */
function partsOf(plan: Plan): string[] {
  const all = [plan.options, ...plan.workers.map(({ options }) => options)];
  const uses = (names: readonly string[]): boolean => all.some((options) => names.some((name) => name in options));
  const checkers = plan.claims.map(({ checker }) => checker);
  const fenced = plan.claims.some(({ options }) => options["fenced"] === true);
  return [
    ...(uses(EXTENDS) ? ["`extend`"] : []),
    ...(fenced || checkers.includes("lock-token-order") ? ["`token`"] : []),
    ...(checkers.includes("lock-outcome") ? ["`outcome`"] : []),
    ...(uses(["giveUpMs"]) ? ["`commandTimeoutMs`"] : []),
  ];
}

function rows(): string[] {
  const byParts = new Map<string, string[]>();
  for (const campaign of campaigns) {
    if (!isOfLocks(campaign) || !isForOthers(campaign)) continue;
    const parts = partsOf(hasLanes(campaign) ? campaign.planForOther(1) : campaign.plan(1)).join(", ");
    if (parts !== "") byParts.set(parts, [...(byParts.get(parts) ?? []), `\`${campaign.name}\``]);
  }
  return [...byParts].map(([parts, names]) => `| ${parts} | ${names.join(", ")} |`).toSorted();
}

it("is told in docs/adapters.md", () => {
  const page = readFileSync(join(packageRoot, "docs/adapters.md"), "utf8");
  const table = /^\| beside that \| campaigns \|\n\| --- \| --- \|\n((?:\|.*\n)+)/m.exec(page)?.[1];
  expect(table?.trimEnd().split("\n")).toEqual(rows());
});
