/** The list of all stored runs: each campaign's last outcomes side by side, then every run, newest first. */
import { testedIn } from "../../store/run-facts.ts";
import { basename, dirname } from "node:path";
import type { Fragment, Markup } from "../markup.ts";
import { html } from "../markup.ts";
import { renderDocument } from "../document.ts";
import { pageAssets } from "../page-assets.ts";
import { counted, formatLength, formatNumber } from "../quantities.ts";
import { startedAt } from "../sections/banner.ts";
import { failureInWords, outcomeOfRun } from "../../store/run-outcome.ts";
import { chip, mark, outcomeTone, outcomeWord, verdictTone } from "../sections/marks.ts";
import { lockMatrixTable } from "../sections/lock-matrix.ts";
import type { MissingRun } from "../../store/sessions.ts";
import { missingInWords } from "../../store/sessions.ts";
import type { RunSummary } from "../../store/stored-run.ts";

/** More runs than this are not listed one by one: a page of a hundred thousand rows helps nobody. */
const MAX_ROWS = 2000;

/** How many of a campaign's last runs are drawn as squares. */
const STRIP = 40;

/**
 * @param runs newest first, as `listRuns` gives them
 * @param missing those that were wanted and have left nothing behind, the oldest first
 */
export async function renderIndex(runs: readonly RunSummary[], missing: readonly MissingRun[] = []): Promise<string> {
  const assets = await pageAssets("runs");
  const locks = locksTable(runs);
  return renderDocument(
    {
      title: "Runs · redquake",
      contents: [
        ["campaigns", "Campaigns"],
        ...(locks === undefined ? [] : [["locks", "Locks"] as const]),
        ["runs", "Runs"],
        ...(missing.length === 0 ? [] : [["missing", "Not run"] as const]),
      ],
      home: undefined,
      outcome: undefined,
      body: html`<header class="banner quiet">
          <p class="kicker">Results</p>
          <h1>${runs.length === 0 ? "No runs yet" : counted(runs.length, "stored run")}</h1>
          ${
            runs.length === 0
              ? html`<p class="description">Run <code>npm run campaigns</code>, and they will be listed here.</p>`
              : html`<ul class="facts">
                  ${tally(runs)}
                  ${missing.length === 0 ? undefined : html`<li>${chip("unsure", "Not run")} <b>${formatNumber(missing.length)}</b></li>`}
                </ul>`
          }
        </header>
        ${
          runs.length === 0
            ? undefined
            : html`<section id="campaigns">
                  <h2>Campaigns</h2>
                  ${campaignsTable(runs)}
                </section>
                ${
                  locks === undefined
                    ? undefined
                    : html`<section id="locks">
                        <h2>Locks</h2>
                        <p class="aside">The last run of each lock in each campaign.</p>
                        ${locks}
                      </section>`
                }
                <section id="runs">
                  <h2>Runs</h2>
                  ${runsTable(runs)}
                </section>`
        }
        ${missing.length === 0 ? undefined : missingSection(missing)}`,
      data: [],
    },
    assets,
  );
}

function tally(runs: readonly RunSummary[]): Fragment {
  const outcomes = [
    "failed",
    "harness-failed",
    "undecided",
    "not-demonstrated",
    "not-applicable",
    "passed",
    undefined,
  ] as const;
  return outcomes.map((outcome) => {
    const count = runs.filter((run) => outcomeOfRun(run) === outcome).length;
    return count === 0
      ? undefined
      : html`<li>${chip(outcomeTone(outcome), outcomeWord(outcome))} <b>${formatNumber(count)}</b></li>`;
  });
}

/** For a single lock the table would say nothing that the others do not. */
function locksTable(runs: readonly RunSummary[]): Markup | undefined {
  const ofLocks = runs.flatMap((run) => {
    const lock = run.run === undefined ? undefined : testedIn(run.run);
    return lock === undefined ? [] : [{ lock, campaign: run.campaign, verdict: run.verdict, href: target(run) }];
  });
  return new Set(ofLocks.map(({ lock }) => lock)).size > 1 ? lockMatrixTable(ofLocks) : undefined;
}

function campaignsTable(runs: readonly RunSummary[]): Markup {
  const byCampaign = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const group = byCampaign.get(run.campaign);
    if (group === undefined) byCampaign.set(run.campaign, [run]);
    else group.push(run);
  }
  return html`<table class="stack">
    <thead>
      <tr>
        <th scope="col">Campaign</th>
        <th scope="col">Last outcome</th>
        <th scope="col">Outcomes, newest first</th>
        <th scope="col" class="number">Runs</th>
        <th scope="col">Last passed</th>
      </tr>
    </thead>
    <tbody>
      ${[...byCampaign]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(
          ([campaign, own]) =>
            html`<tr>
              <td data-label="Campaign"><b>${campaign}</b></td>
              <td data-label="Last outcome">
                ${own.slice(0, 1).map((last) => chip(outcomeTone(outcomeOfRun(last)), outcomeWord(outcomeOfRun(last))))}
              </td>
              <td data-label="Outcomes"><span class="strip">${own.slice(0, STRIP).map(square)}</span></td>
              <td class="number" data-label="Runs">${formatNumber(own.length)}</td>
              <td data-label="Last passed">
                ${startedAt(own.find((run) => outcomeOfRun(run) === "passed")?.startedAt ?? "never")}
              </td>
            </tr>`,
        )}
    </tbody>
  </table>`;
}

function square(run: RunSummary): Markup {
  const outcome = outcomeOfRun(run);
  const tone = outcomeTone(outcome);
  const title = `${outcomeWord(outcome)} · seed ${run.seed ?? "unknown"} · ${startedAt(run.startedAt ?? "unknown time")}`;
  return html`<a class="square ${tone}" href="${target(run)}" title="${title}" aria-label="${title}">${mark(tone)}</a>`;
}

function runsTable(runs: readonly RunSummary[]): Markup {
  return html`<div class="toolbar">
      <label class="filter"
        ><span class="hidden">Filter runs</span
        ><input
          id="filter"
          type="search"
          placeholder="Filter: campaign, outcome, seed, claim…"
          spellcheck="false"
          autocomplete="off"
      /></label>
      <output id="matches" class="aside"></output>
    </div>
    <table class="runs stack">
      <thead>
        <tr>
          <th scope="col">Outcome</th>
          <th scope="col">Campaign</th>
          <th scope="col">Claims</th>
          <th scope="col" class="number">Seed</th>
          <th scope="col">Started</th>
          <th scope="col" class="number">Duration</th>
          <th scope="col">Redis</th>
        </tr>
      </thead>
      <tbody>
        ${runs.slice(0, MAX_ROWS).map(runRow)}
      </tbody>
    </table>
    ${
      runs.length > MAX_ROWS
        ? html`<p class="more">
            ${formatNumber(runs.length - MAX_ROWS)} older runs are not listed here; their folders are still there.
          </p>`
        : undefined
    }`;
}

function runRow(run: RunSummary): Markup {
  const outcome = outcomeOfRun(run);
  return html`<tr class="${outcomeTone(outcome)}">
    <td data-label="Outcome">${chip(outcomeTone(outcome), outcomeWord(outcome))}</td>
    <td data-label="Campaign">
      <a class="run" href="${target(run)}">${run.campaign}</a>
      ${run.run === undefined || testedIn(run.run) === undefined ? undefined : html`<small>${testedIn(run.run)}</small>`}
      ${run.hasReport ? undefined : html`<small>no report was made: the link leads to the folder</small>`}
    </td>
    <td data-label="Claims">${claims(run)}</td>
    <td class="number" data-label="Seed">${run.seed === undefined ? "—" : String(run.seed)}</td>
    <td data-label="Started">${startedAt(run.startedAt ?? "—")}</td>
    <td class="number" data-label="Duration">
      ${run.run === undefined ? "—" : formatLength(run.run.durationMs * 1000)}
    </td>
    <td data-label="Redis">
      ${run.run === undefined ? "—" : html`${run.run.redisVersion} <small>${run.run.host}</small>`}
    </td>
  </tr>`;
}

/** The claims that need attention by name, the others by number. */
function claims({ verdict, run, warnings }: RunSummary): Fragment {
  const broken = (verdict?.claims ?? [])
    .filter(({ inapplicable }) => inapplicable !== true)
    .map(({ claim, result }) => ({ tone: verdictTone(claim, result.verdict), claim, result }));
  const loud = broken.filter(({ tone }) => tone !== "good");
  const quiet = broken.length - loud.length;
  return html`${loud.map(
    ({ tone, claim, result }) => html`<p class="claim-line">${chip(tone, result.verdict)} ${claim.statement}</p>`,
  )}
  ${quiet === 0 ? undefined : html`<p class="claim-line aside">${counted(quiet, "claim holds", "claims hold")}</p>`}
  ${(verdict?.doubts.length ?? 0) === 0 ? undefined : html`<p class="claim-line error">${verdict?.doubts}</p>`}
  ${howItEnded(run)} ${warnings.map((warning) => html`<p class="claim-line aside">${warning}</p>`)}`;
}

function howItEnded(run: RunSummary["run"]): Fragment {
  if (run?.failure !== undefined) return html`<p class="claim-line error">${failureInWords(run.failure)}</p>`;
  return run?.interrupted === true ? html`<p class="claim-line aside">interrupted</p>` : undefined;
}

/** The newest first. */
function missingSection(missing: readonly MissingRun[]): Markup {
  return html`<section id="missing">
    <h2>Not run</h2>
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">Campaign</th>
          <th scope="col" class="number">Seed</th>
          <th scope="col">What became of it</th>
          <th scope="col">Machine</th>
        </tr>
      </thead>
      <tbody>
        ${missing
          .toReversed()
          .slice(0, MAX_ROWS)
          .map(
            (each) =>
              html`<tr>
                <td data-label="Campaign">${each.campaign}</td>
                <td class="number" data-label="Seed">${String(each.seed)}</td>
                <td data-label="What became of it">${missingInWords(each)}</td>
                <td data-label="Machine">${each.machine}</td>
              </tr>`,
          )}
      </tbody>
    </table>
    ${
      missing.length > MAX_ROWS
        ? html`<p class="more">${formatNumber(missing.length - MAX_ROWS)} older ones are not listed here.</p>`
        : undefined
    }
  </section>`;
}

/** The run's page, relative to the results folder. */
function target({ folder, hasReport }: RunSummary): string {
  const path = [basename(dirname(folder)), basename(folder)].map(encodeURIComponent).join("/");
  return `./${path}/${hasReport ? "report.html" : ""}`;
}
