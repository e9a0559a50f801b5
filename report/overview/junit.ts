/**
 * Verdicts as JUnit XML, which every CI system shows: a suite per campaign and server, a test case per claim and seed.
 *
 * Only a broken promise is a `failure`. What proves nothing (vacuous, unknown, not demonstrated, not judged) is an
 * `error`, since a tool that shows neither would call it passed; a hope that broke is no failure.
 */
import type { JudgedClaim } from "../../checkers/judge/verdict.ts";
import { claimWords } from "../claim-words.ts";
import type { Fragment, Markup } from "../markup.ts";
import { html } from "../markup.ts";
import type { ResultsOverview } from "./results-overview.ts";
import { serverName } from "./results-overview.ts";
import { failureInWords } from "../../store/run-outcome.ts";
import type { MissingRun } from "../../store/sessions.ts";
import { missingInWords } from "../../store/sessions.ts";
import type { RunSummary } from "../../store/stored-run.ts";
import { runName } from "../../store/stored-run.ts";

/** The same escaping serves XML; under this name nobody formats it as HTML. */
const xml = html;

interface Case {
  readonly suite: string;
  readonly campaign: string;
  readonly name: string;
  readonly seconds: number;
  readonly kind: "passed" | "failure" | "error" | "skipped";
  /** In one sentence. */
  readonly message: string;
  readonly details: string;
}

export function renderJUnit({ runs, missing }: ResultsOverview): string {
  const cases = [...runs.flatMap(casesOfRun), ...missing.map(caseOfMissing)];
  const suites = Map.groupBy(cases, ({ suite }) => suite);
  const rendered = [...suites].map(
    ([name, own]) => xml`
  <testsuite name="${name}" ${totals(own)}>${own.map(renderCase)}
  </testsuite>`,
  );
  return xml`<testsuites name="redquake" ${totals(cases)}>${rendered}
</testsuites>
`.text.replace(/^/, '<?xml version="1.0" encoding="UTF-8"?>\n');
}

function casesOfRun(summary: RunSummary): Case[] {
  const { campaign, verdict, run, seed } = summary;
  const suite = `${campaign} on ${serverName(summary)}`;
  const seconds = (run?.durationMs ?? 0) / 1_000;
  const details = [`run: ${runName(summary)}`, ...(run === undefined ? [] : [`repeat it: ${run.commandLine}`])];
  if (run?.failure !== undefined) {
    const name = `seed ${seed ?? "unknown"} is run`;
    const message = failureInWords(run.failure);
    return [{ suite, campaign, name, seconds, kind: "error", message, details: [run.failure, ...details].join("\n") }];
  }
  if (verdict === undefined) {
    const message = summary.warnings.join(" ") || "There is no verdict.json.";
    const name = `seed ${seed ?? "unknown"} is judged`;
    return [{ suite, campaign, name, seconds, kind: "error", message, details: details.join("\n") }];
  }
  return verdict.claims.map((judged, i): Case => {
    const { claim, result } = judged;
    return {
      suite,
      campaign,
      name: `${claim.statement} (seed ${verdict.seed})`,
      // The run's time is told once, so that the sum is right.
      seconds: i === 0 ? seconds : 0,
      kind: kindOf(judged),
      message: `${claimWords(judged).words}: ${result.reason}`,
      details: [...result.findings.map(({ sentence }) => sentence), ...verdict.doubts, ...details].join("\n"),
    };
  });
}

function kindOf(judged: JudgedClaim): Case["kind"] {
  switch (claimWords(judged).tone) {
    case "good":
    case "shown":
      return "passed";
    case "bad":
      return "failure";
    case "doubtful":
      return "error";
    case "quiet":
      return "skipped";
  }
}

function caseOfMissing(missing: MissingRun): Case {
  const { campaign, seed, end, machine, shard } = missing;
  return {
    suite: `${campaign} not run`,
    campaign,
    name: `seed ${seed} is run`,
    seconds: 0,
    kind: end === "skipped" ? "skipped" : "error",
    message: missingInWords(missing),
    details: `machine: ${machine}${shard === undefined ? "" : `, shard ${shard}`}`,
  };
}

/** The attributes of a suite or of all suites. */
function totals(cases: readonly Case[]): Markup {
  const count = (kind: Case["kind"]): number => cases.filter((each) => each.kind === kind).length;
  const seconds = cases.reduce((sum, each) => sum + each.seconds, 0).toFixed(3);
  return xml`tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}" time="${seconds}"`;
}

function renderCase({ campaign, name, seconds, kind, message, details }: Case): Markup {
  return xml`
    <testcase classname="redquake.${campaign}" name="${name}" time="${seconds.toFixed(3)}">${problem(kind, message, details)}</testcase>`;
}

function problem(kind: Case["kind"], message: string, details: string): Fragment {
  switch (kind) {
    case "passed":
      return undefined;
    case "failure":
      return xml`<failure type="broken-promise" message="${message}">${details}</failure>`;
    case "error":
      return xml`<error type="no-verdict" message="${message}">${details}</error>`;
    case "skipped":
      return xml`<skipped message="${message}"/>`;
  }
}
