/**
 * Adapters of one kind × campaigns as a document: what was seen, with which versions, seeds and servers, and when. Made
 * from stored runs alone.
 */
import { claimWords, NOT_APPLICABLE } from "../claim-words.ts";
import type { LockRun } from "./lock-matrix.ts";
import { familiesOf, levelOf, lockMatrix } from "./lock-matrix.ts";
import { markdownTable, markdownText } from "../markdown.ts";
import type { RunFacts } from "../../store/run-facts.ts";
import type { Plan } from "../../history/plan.ts";

/** A run of a campaign with an adapter, and what a reader has to know of it. */
export interface DocumentedLockRun extends LockRun {
  readonly plan: Pick<Plan, "title" | "description" | "claims">;
  readonly facts: RunFacts;
}

/** What a document says of all adapters of its kind. */
export interface DocumentWords {
  readonly title: string;
  /** Without `redquake`: the command that makes the document. */
  readonly command: string;
  /** How they were run. */
  readonly circumstances: string;
  /** What the words in the table mean. */
  readonly legend: string;
}

/** @throws TypeError when there is no run. */
export function lockDocument(runs: readonly DocumentedLockRun[], words: DocumentWords): string {
  if (runs.length === 0) throw new TypeError("there is no run for a document");
  const matrix = lockMatrix(runs);
  const campaigns = [...matrix.campaigns].sort();
  const tables = familiesOf(matrix).map((family) =>
    markdownTable(
      ["campaign", ...family.locks.map(markdownText)],
      family.campaigns.map((campaign) => [
        `[${markdownText(campaign)}](#${campaign})`,
        ...family.locks.map((lock) => cellWords(matrix.cell(lock, campaign)?.words ?? NOT_APPLICABLE)),
      ]),
    ),
  );
  const sections = campaigns.map((campaign) =>
    section(
      campaign,
      runs.filter((run) => run.campaign === campaign),
    ),
  );
  return `${[
    `# ${words.title}`,
    `<!-- Made by \`redquake ${words.command}\` from stored runs: change the campaigns, or run them again. -->`,
    `${words.circumstances} ${circumstances(runs)}`,
    `A run shows what happened in it: *holds* means that nothing in it contradicts the claims, and not that nothing ever will. ${words.legend}`,
    ...tables,
    ...sections,
  ].join("\n\n")}\n`;
}

/** What says nothing of a lock is told apart at a glance. */
function cellWords(words: string): string {
  return words === NOT_APPLICABLE ? `*${words}*` : words;
}

function circumstances(runs: readonly DocumentedLockRun[]): string {
  const dates = [...new Set(runs.map(({ facts }) => facts.startedAt.slice(0, 10)))].sort();
  const seeds = [...new Set(runs.map(({ facts }) => facts.seed))].sort((a, b) => a - b);
  const servers = [...new Set(runs.map(({ facts }) => `${facts.redisVersion} (${facts.host})`))].sort();
  const versions = [...new Set(runs.map(({ facts }) => `redquake ${facts.redquake} on Node.js ${facts.node}`))].sort();
  const some = (one: string, many: string, all: readonly (string | number)[]): string =>
    `${all.length === 1 ? one : many} ${all.join(", ")}`;
  return `${runs.length} runs, ${some("on", "from", dates.length > 2 ? [`${dates[0]} to ${dates.at(-1)}`] : dates)}; ${some("seed", "seeds", seeds)}; ${some("server", "servers", servers)}; ${versions.join(", ")}.`;
}

function section(campaign: string, runs: readonly DocumentedLockRun[]): string {
  const [first] = runs;
  const asked = (first?.plan.claims ?? []).map(
    (claim) =>
      `- **${levelOf(claim)}** (${claim.standing}): ${markdownText(claim.statement)} <${encodeURI(claim.source.toWellFormed())}>`,
  );
  return [
    `## ${campaign}`,
    `${markdownText(first?.plan.title ?? campaign)}. ${markdownText(withoutLock(first?.plan.description ?? ""))}`,
    asked.join("\n"),
    ...seen(runs),
  ].join("\n\n");
}

/** The first finding of each claim that was broken, for each lock. */
function seen(runs: readonly DocumentedLockRun[]): string[] {
  const lines = [...Map.groupBy(runs, ({ lock }) => lock)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([lock, own]) => {
      const judged = own.flatMap(({ verdict }) => verdict?.claims ?? []);
      const broken = new Map(
        judged.filter(({ result }) => result.verdict === "broken").map((each) => [levelOf(each.claim), each] as const),
      );
      return [...broken].map(([level, each]) => {
        const times = judged.filter(
          (other) => levelOf(other.claim) === level && other.result.verdict === "broken",
        ).length;
        const finding = each.result.findings[0]?.sentence ?? each.result.reason;
        return `- ${markdownText(lock)}, ${level}: ${claimWords(each).words.toLowerCase()}${own.length > 1 ? ` in ${times} of ${own.length} runs` : ""}. ${markdownText(finding)}`;
      });
    });
  return lines.length === 0 ? [] : [lines.join("\n")];
}

/** Which lock it was is what the table says. */
function withoutLock(description: string): string {
  return description.replace(/ The (?:lock|delivery|cache|leader|client) is \S+, not the campaign's own\./, "");
}
