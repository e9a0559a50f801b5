/** Where and with what the run was made, and the files that belong to it. */
import type { Fragment, Markup } from "../markup.ts";
import { html } from "../markup.ts";
import type { StoredRun } from "../../store/stored-run.ts";
import { formatLength } from "../quantities.ts";
import { startedAt } from "./banner.ts";

const FILES: readonly (readonly [string, string])[] = [
  ["history.jsonl", "every event, one JSON object per line"],
  ["plan.json", "what was decided before the run"],
  ["run.json", "the facts above"],
  ["verdict.json", "what the checkers found"],
  ["logs/", "log and configuration of every node"],
];

export function environmentBlock({ run, plan }: StoredRun): Markup {
  return html`<div class="columns">
    <dl class="environment">
      ${entry("redquake", run.redquake)} ${entry("git revision", run.gitRevision)} ${entry("Node.js", run.node)}
      ${entry("platform", run.platform)} ${entry("machine", run.machine)}
      ${entry("processors", run.cpus === 0 ? "unknown" : String(run.cpus))}
      ${entry("host", `${run.host}: ${run.hostDescription}`)} ${entry("Redis", run.redisVersion)}
      ${entry("Toxiproxy", run.toxiproxy)}
      ${Object.entries(run.clientLibraries).map(([name, version]) => entry(name, version))}
      ${entry("seed", String(run.seed))} ${entry("started", startedAt(run.startedAt))}
      ${entry("duration", formatLength(run.durationMs * 1000))} ${entry("load", formatLength(plan.loadMs * 1000))}
      ${entry("settle", formatLength(plan.settleMs * 1000))}
      ${entry("system", options(plan.system.kind, plan.system.options))}
      ${entry("workload", options(plan.workload, plan.options))}
      ${entry("workers", plan.workers.map((worker) => `${worker.name} (${worker.role})`).join(", "))}
    </dl>
    <div>
      <h3>Files of this run</h3>
      <ul class="files">
        ${FILES.map(([file, meaning]) => html`<li><a href="./${file}">${file}</a> <span>${meaning}</span></li>`)}
      </ul>
    </div>
  </div>`;
}

function entry(name: string, value: string | undefined): Fragment {
  if (value === undefined || value === "") return undefined;
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function options(name: string, given: object): string {
  const entries = Object.entries(given);
  return entries.length === 0
    ? name
    : `${name} ${entries.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(" ")}`;
}
