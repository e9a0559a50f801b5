/** All runs of a results folder in Markdown, for the page of a CI job: the worst first, and what to do next. */
import { visibleLine } from "../../history/visible.ts";
import { claimWords } from "../claim-words.ts";
import { codeBlock, markdownTable, markdownText } from "../markdown.ts";
import { counted, formatLength, formatMoment, formatOffset } from "../quantities.ts";
import type { Counterexample, ResultsOverview } from "./results-overview.ts";
import { serverName } from "./results-overview.ts";
import type { RunOutcome } from "../../store/run-outcome.ts";
import { exitCodeOfRun, failureInWords, outcomeOfRun } from "../../store/run-outcome.ts";
import { outcomeWord } from "../sections/marks.ts";
import type { MissingRun, StoredSession } from "../../store/sessions.ts";
import { missingInWords } from "../../store/sessions.ts";
import type { RunSummary } from "../../store/stored-run.ts";
import { runName } from "../../store/stored-run.ts";
import type { Story } from "../story.ts";

/** GitHub shows no summary of more than a mebibyte; longer lists than this are cut, and the summary says so. */
const MAX_ROWS = 300;
const OUTCOMES: readonly (RunOutcome | undefined)[] = [
  "failed",
  "harness-failed",
  "undecided",
  "not-demonstrated",
  "not-applicable",
  "passed",
  undefined,
];

export function renderJobSummary(overview: ResultsOverview): string {
  const { runs, missing, problems, counterexample, sessions } = overview;
  return [
    `# redquake: ${headline(overview)}`,
    tally(overview),
    ...(counterexample === undefined ? [] : [counterexampleSection(counterexample)]),
    ...section("Missing or damaged", list([...problems.map(markdownText), ...missing.map(missingLine)])),
    ...section("Verdicts", verdicts(runs)),
    ...section("To repeat", repeats(runs)),
    ...section("Machines", machines(runs, sessions)),
  ]
    .join("\n\n")
    .concat("\n");
}

function headline({ runs, missing, problems }: ResultsOverview): string {
  const failed = runs.filter(({ verdict }) => verdict?.outcome === "failed").length;
  if (failed > 0) return `promises were broken in ${counted(failed, "run")}`;
  if (runs.length === 0) return "no runs";
  const open = runs.filter((run) => exitCodeOfRun(outcomeOfRun(run)) !== 0).length;
  if (open + missing.length + problems.length > 0) return "no promise was broken, but not everything was shown";
  return "everything came out as it should";
}

function tally({ runs, missing }: ResultsOverview): string {
  const parts = OUTCOMES.map((outcome) => ({
    word: outcomeWord(outcome).toLowerCase(),
    count: runs.filter((run) => outcomeOfRun(run) === outcome).length,
  }));
  const told = parts.filter(({ count }) => count > 0).map(({ word, count }) => `${count} ${word}`);
  const lacking = missing.length === 0 ? [] : [`${missing.length} not run to the end`];
  return `${counted(runs.length, "stored run")}: ${[...told, ...lacking].join(", ") || "none"}.`;
}

function section(title: string, content: string): string[] {
  return content === "" ? [] : [`## ${title}`, content];
}

function list(lines: readonly string[]): string {
  const shown = lines.slice(0, MAX_ROWS).map((line) => `* ${line}`);
  return [...shown, ...omitted(lines.length)].join("\n");
}

function omitted(count: number): string[] {
  return count > MAX_ROWS ? ["", `${count - MAX_ROWS} more are in index.html.`] : [];
}

function missingLine(missing: MissingRun): string {
  const where = `${missing.machine}${missing.shard === undefined ? "" : `, shard ${missing.shard}`}`;
  return markdownText(`${missing.campaign} (seed ${missing.seed}, ${where}): ${missingInWords(missing)}`);
}

function counterexampleSection({ stored, broken }: Counterexample): string {
  const [first] = broken.told;
  return [
    "## The first counterexample",
    `**${markdownText(broken.claim.statement)}** ([source](<${encodeURI(broken.claim.source.toWellFormed())}>))`,
    markdownText(first?.story.finding.sentence ?? broken.result.reason),
    ...(first === undefined ? [] : [storyTable(first.story)]),
    `${markdownText(`In ${runName(stored)}, on ${serverName(stored)}.`)} This repeats it:`,
    codeBlock(visibleLine(stored.run.commandLine) || "the command was not recorded"),
  ].join("\n\n");
}

function storyTable({ steps, fromUs, inEffect }: Story): string {
  const before = inEffect.map(({ title }) => ["", "before", "nemesis", markdownText(`${title} was already in effect`)]);
  const told = steps.map((step) => {
    const time = `${formatMoment(step.atUs)} (${formatOffset(step.atUs - fromUs)})`;
    if (step.kind === "fault") {
      const doing = step.moment.stage === "active" ? "takes effect" : "is being healed";
      return ["", markdownText(time), "nemesis", markdownText(`${step.moment.title} ${doing}`)];
    }
    const { event, who, what, belief, number } = step;
    const said = [`${event.type} ${event.f}`, what, event.error, belief].filter(
      (part) => part !== undefined && part !== "",
    );
    return [String(number), markdownText(time), markdownText(who), markdownText(said.join(" · "))];
  });
  return markdownTable(["#", "ms since the start", "who", "what"], [...before, ...told]);
}

/** A row per claim, a column per server; several runs of the same are counted. */
function verdicts(runs: readonly RunSummary[]): string {
  const servers = [...new Set(runs.map(serverName))].sort();
  const rows = new Map<string, { readonly cells: readonly string[]; readonly words: Map<string, string[]> }>();
  for (const summary of runs) {
    const server = serverName(summary);
    for (const row of rowsOf(summary)) {
      const cells = [row.campaign, row.claim, row.standing].map(markdownText);
      const key = cells.join("|");
      const { words } = rows.get(key) ?? rows.set(key, { cells, words: new Map() }).get(key) ?? { words: new Map() };
      words.set(server, [...(words.get(server) ?? []), row.words]);
    }
  }
  if (rows.size === 0) return "";
  const body = [...rows.values()].map(({ cells, words }) => [
    ...cells,
    ...servers.map((server) => tallyWords(words.get(server) ?? [])),
  ]);
  const table = markdownTable(["campaign", "claim", "standing", ...servers.map(markdownText)], body.slice(0, MAX_ROWS));
  return [table, ...omitted(body.length)].join("\n");
}

function rowsOf({
  campaign,
  run,
  verdict,
}: RunSummary): { campaign: string; claim: string; standing: string; words: string }[] {
  if (run?.failure !== undefined) return [{ campaign, claim: "", standing: "", words: "**HARNESS FAILED**" }];
  if (verdict === undefined) return [{ campaign, claim: "", standing: "", words: "not judged" }];
  return verdict.claims.map((judged) => ({
    campaign,
    claim: judged.claim.statement,
    standing: judged.claim.standing,
    words: claimWords(judged).words,
  }));
}

function tallyWords(words: readonly string[]): string {
  const groups = [...Map.groupBy(words, (word) => word)];
  return groups
    .map(([word, own]) => `${word === "BROKEN" ? "**BROKEN**" : word}${own.length === 1 ? "" : ` ×${own.length}`}`)
    .join(", ");
}

/** The commands of the runs that did not end well. */
function repeats(runs: readonly RunSummary[]): string {
  const bad = runs.filter((run) => outcomeOfRun(run) !== undefined && exitCodeOfRun(outcomeOfRun(run)) !== 0);
  if (bad.length === 0) return "";
  const rows = bad
    .slice(0, MAX_ROWS)
    .flatMap((summary) => [
      `${markdownText(runName(summary))}, ${outcomeWord(outcomeOfRun(summary)).toLowerCase()}: ${markdownText(sentenceOf(summary))}`,
      codeBlock(summary.run?.commandLine ?? "the command was not recorded"),
    ]);
  return [...rows, ...omitted(bad.length)].join("\n\n");
}

function sentenceOf({ run, verdict }: RunSummary): string {
  return run?.failure === undefined ? (verdict?.sentence ?? "") : failureInWords(run.failure);
}

/** Which machine ran what, as the runs and sessions say. */
function machines(runs: readonly RunSummary[], sessions: readonly StoredSession[]): string {
  const shards = new Map<string, string>();
  for (const { session } of sessions) {
    for (const { folder } of session.runs) {
      if (folder !== undefined && session.shard !== undefined) shards.set(folder, session.shard);
    }
  }
  const groups = Map.groupBy(runs, (summary) =>
    [
      shards.get(runName(summary)) ?? "all",
      summary.run?.machine ?? "unknown",
      serverName(summary),
      summary.run?.platform ?? "unknown",
      String(summary.run?.cpus ?? "unknown"),
      summary.run?.node ?? "unknown",
    ]
      .map(markdownText)
      .join(" | "),
  );
  if (groups.size === 0) return "";
  const body = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([machine, own]) => [
      machine,
      String(own.length),
      formatLength(own.reduce((sum, { run }) => sum + (run?.durationMs ?? 0), 0) * 1_000),
      [...new Set(own.map(({ campaign }) => markdownText(campaign)))].join(", "),
    ]);
  return markdownTable(
    ["shard", "machine", "server", "platform", "processors", "Node.js", "runs", "time", "campaigns"],
    body,
  );
}
