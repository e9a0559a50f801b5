import { campaigns } from "./campaigns/index.ts";
import { runPlan } from "./runner/run-plan.ts";
const names = process.argv.slice(2);
for (const c of campaigns.filter(c => names.includes(c.name))) {
  const t0 = performance.now();
  const r = await runPlan(c.plan(7), { results: "/tmp/results", host: "auto", redis: undefined, commandLine: "x", observer: (p) => { if (p.kind === "fault") console.log(Math.round(performance.now()-t0), p.moment.fault, p.moment.stage, p.moment.title, p.moment.probe ?? p.moment.reason ?? ""); else if (p.kind !== "operations") console.log(Math.round(performance.now()-t0), p); }, signal: new AbortController().signal });
  console.log(r, Math.round(performance.now()-t0));
}
