import { readdirSync, readFileSync, existsSync } from "node:fs";
import { judge } from "./checkers/judge.ts";
import { readHistory } from "./history/read.ts";
for (const c of readdirSync("/tmp/results")) { if (c === "latest") continue;
  for (const r of readdirSync(`/tmp/results/${c}`)) {
    const f = `/tmp/results/${c}/${r}`; if (!existsSync(`${f}/run.json`)) continue;
    const { history, warnings } = await readHistory(`${f}/history.jsonl`);
    const plan = JSON.parse(readFileSync(`${f}/plan.json`, "utf8"));
    const t=performance.now(); const v = judge(plan, history);
    console.log(`\n== ${c} ${v.outcome} (${history.events.length} events, ${Math.round(performance.now()-t)} ms) ${warnings}\n   ${v.sentence}`);
    for (const d of v.doubts) console.log("   doubt:", d);
    for (const j of v.claims) { console.log(`   - ${j.claim.id} [${j.claim.standing}/${j.claim.expect}] => ${j.result.verdict}: ${j.result.reason}`); console.log(`     ${JSON.stringify(j.result.figures)} count ${j.result.count}`); for (const x of j.result.findings.slice(0,1)) console.log(`     * ${x.kind}: ${x.sentence}`); }
  } }
