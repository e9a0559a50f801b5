/** A stored run as one page of HTML, small enough to be mailed. */
import { gzipSync } from "node:zlib";
import { microseconds, formatNumber } from "./quantities.ts";
import { phaseOf } from "../history/nemesis-event.ts";
import type { HistoryEvent, Operation } from "../history/operation.ts";
import type { BrokenClaim } from "./broken-claims.ts";
import { brokenClaims } from "./broken-claims.ts";
import type { Columns } from "./columns.ts";
import { nearestOperations, packColumns, packValues } from "./columns.ts";
import { renderDocument } from "./document.ts";
import { faultRecords, faultSpans } from "./fault-record.ts";
import { holdsOf } from "./holds.ts";
import { laneIndex } from "./lanes.ts";
import { html } from "./markup.ts";
import { pageAssets } from "./page-assets.ts";
import type { PageModel } from "./page-model.ts";
import { outcomeOfRun } from "../store/run-outcome.ts";
import { banner } from "./sections/banner.ts";
import { claimsTable } from "./sections/claims.ts";
import { counterexamples } from "./sections/counterexample.ts";
import { environmentBlock } from "./sections/environment.ts";
import { faultsTable } from "./sections/faults.ts";
import { repeatBlock } from "./sections/repeat.ts";
import { timelineFrame } from "./sections/timeline.ts";
import type { StoredRun } from "../store/stored-run.ts";
import type { Story } from "./story.ts";

/** Largest size of a page, in bytes. */
export const SIZE_BUDGET = 5_000_000;

/**
 * The whole page. When it would exceed the budget, values of operations far from the findings are left out, and then
 * operations themselves; the page says so and names the file that has everything.
 */
export async function renderReport(stored: StoredRun, budget = SIZE_BUDGET): Promise<string> {
  const { history, plan } = stored;
  const assets = await pageAssets("report");
  const lanes = laneIndex(history, plan);
  const holds = holdsOf(history);
  const records = faultRecords(history, plan);
  const spans = faultSpans(records);
  const broken = brokenClaims(stored, holds);
  const moments = broken
    .flatMap(({ result }) => result.findings)
    .flatMap((finding) => finding.events)
    .flatMap((index) => history.events[index]?.time ?? []);

  let packed: { readonly operations: readonly Operation[]; readonly columns: Columns } | undefined;
  /** Fitting a page into its budget asks for the same columns several times. */
  const pack = (count: number): { readonly operations: readonly Operation[]; readonly columns: Columns } => {
    if (packed?.operations.length === count) return packed;
    const operations = nearestOperations(history, moments, count);
    const shown = new Set(operations.map((operation) => operation.completion?.index));
    packed = {
      operations,
      columns: packColumns(
        operations,
        holds.filter((hold) => shown.has(hold.acquired)),
        lanes,
      ),
    };
    return packed;
  };
  const assemble = (count: number, withValues: number): string => {
    const { operations, columns } = pack(count);
    const valued = new Set(nearestOperations(history, moments, withValues));
    const model = pageModel(stored, columns, operations, lanes, spans, broken);
    return renderDocument(
      {
        title: `${plan.campaign} · seed ${stored.run.seed} · redquake`,
        contents: [
          ["verdict", "Verdict"],
          ["counterexample", "Counterexample"],
          ["timeline-section", "Timeline"],
          ["faults", "Faults"],
          ["repeat", "Repeat"],
          ["environment", "Environment"],
        ],
        home: "../../index.html",
        outcome: outcomeOfRun(stored),
        body: html`${banner(stored)}
          <section aria-labelledby="claims-title">
            <h2 id="claims-title">Claims</h2>
            ${claimsTable(stored)}
          </section>
          <section id="counterexample">
            <h2>Counterexample</h2>
            ${counterexamples(broken, spans, stored.verdict !== undefined)}
          </section>
          <section id="timeline-section">
            <h2>Timeline</h2>
            ${timelineFrame({
              locks: holds.length > 0,
              notices: truncation(history.operations.length, operations.length, withValues),
            })}
          </section>
          <section id="faults">
            <h2>Faults</h2>
            ${faultsTable(records, history)}
          </section>
          <section id="repeat">
            <h2>Repeat this run</h2>
            ${repeatBlock(stored)}
          </section>
          <section id="environment">
            <h2>Environment</h2>
            ${environmentBlock(stored)}
          </section>`,
        data: [
          ["data-model", gzipSync(JSON.stringify(model)).toString("base64")],
          ["data-columns", Buffer.from(columns.packed).toString("base64")],
          ["data-values", Buffer.from(packValues(operations, (operation) => valued.has(operation))).toString("base64")],
        ],
      },
      assets,
    );
  };
  return fit(history.operations.length, budget, assemble);
}

/** Leaves out values first, then operations, until the page fits or nothing is left to leave out. */
function fit(total: number, budget: number, assemble: (operations: number, values: number) => string): string {
  let operations = total;
  let values = total;
  let page = assemble(operations, values);
  if (Buffer.byteLength(page) <= budget) return page;

  const empty = Buffer.byteLength(assemble(0, 0));
  const bare = Buffer.byteLength(assemble(total, 0)) - empty;
  const room = Math.max(0, budget - empty);
  // With hardly any room left for values it is better to keep fewer operations that can be read.
  if (bare > room * 0.9) {
    operations = Math.min(total, Math.floor((total * room * 0.6) / Math.max(1, bare)));
    values = operations;
    page = assemble(operations, values);
  }
  for (let size = Buffer.byteLength(page); size > budget && operations > 0; size = Buffer.byteLength(page)) {
    if (values > 0) {
      const floor = Buffer.byteLength(assemble(operations, 0));
      values =
        floor > budget ? 0 : Math.min(values - 1, Math.floor((values * (budget - floor) * 0.95) / (size - floor)));
    } else {
      operations = Math.floor(operations * Math.min(0.9, (budget / size) * 0.95));
    }
    page = assemble(operations, values);
  }
  return page;
}

function truncation(total: number, operations: number, values: number): string[] {
  const notices: string[] = [];
  if (operations < total) {
    notices.push(
      `The timeline and the charts show ${formatNumber(operations)} of ${formatNumber(total)} operations, those nearest in time to the findings, to keep this page small; history.jsonl has them all.`,
    );
  }
  if (values < operations) {
    notices.push(
      `The values of ${formatNumber(operations - values)} operations far from the findings are left out to keep this page small; history.jsonl has them all.`,
    );
  }
  return notices;
}

function pageModel(
  { history, plan }: StoredRun,
  columns: Columns,
  operations: readonly Operation[],
  lanes: ReturnType<typeof laneIndex>,
  spans: PageModel["faults"],
  broken: readonly BrokenClaim[],
): PageModel {
  const first = history.events[0]?.time ?? 0;
  const last = history.events.at(-1)?.time ?? 0;
  const positions = new Map(operations.map(({ invoke }, position) => [invoke.index, position]));
  return {
    title: plan.title,
    fromUs: Math.floor(Math.min(0, microseconds(first))),
    toUs: Math.max(1, Math.ceil(microseconds(last))),
    lanes: lanes.names.map((name, position) => ({
      name,
      role: lanes.roles[position] ?? "",
      processes: lanes.processes[position] ?? [],
      rows: columns.rows[position] ?? 1,
    })),
    faults: spans,
    phases: history.nemesis.flatMap((event) => {
      const phase = phaseOf(event);
      return phase === undefined ? [] : { phase, atUs: microseconds(event.time) };
    }),
    findings: broken.flatMap(({ told }) =>
      told.map(({ name, story, fromUs, toUs, operationOf }) => ({
        name,
        sentence: story.finding.sentence,
        marks: marks(story, (event) => positions.get(operationOf(event) ?? -1)),
        fromUs,
        toUs,
      })),
    ),
    functions: columns.functions,
    keys: columns.keys,
    errors: columns.errors,
    nodes: columns.nodes,
    columns: columns.headers,
  };
}

/** The operations of a story with the numbers of their events; an event whose operation was left out has none. */
function marks(
  story: Story,
  position: (event: HistoryEvent) => number | undefined,
): PageModel["findings"][number]["marks"] {
  const labels = new Map<number, string>();
  for (const step of story.steps) {
    const operation = step.kind === "event" ? position(step.event) : undefined;
    if (step.kind !== "event" || operation === undefined) continue;
    const before = labels.get(operation);
    labels.set(operation, before === undefined ? String(step.number) : `${before}, ${step.number}`);
  }
  return [...labels].map(([operation, label]) => ({ operation, label }));
}
