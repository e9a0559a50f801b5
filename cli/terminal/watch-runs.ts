/** Shows the runs of a session on the terminal while they are made. */
import type { CampaignEnd } from "../../session/runs/campaign-end.ts";
import { exitCodeOf, outcomeSentence, outcomeWord, titleOf } from "../../session/runs/campaign-end.ts";
import { EXIT } from "../../session/exit-code.ts";
import type { SessionObserver } from "../../session/runs/observer.ts";
import { claimLines } from "./claim-lines.ts";
import type { Colors } from "./colors.ts";
import { colorsFor, paint } from "./colors.ts";
import type { LiveDisplay } from "./live-display.ts";
import { onOneLine } from "./terminal-text.ts";

/** @param recorded told of each end, for what goes to standard output */
export function watchRuns(display: LiveDisplay, recorded: (end: CampaignEnd) => void): SessionObserver {
  const colors = colorsFor(process.stderr);
  return {
    notice: (sentence) => display.say(sentence),
    begins: (run) => {
      const line = display.start(`${titleOf(run)} (seed ${run.seed})`);
      return {
        observer: line.observer,
        ended: (end) => line.end(describeEnd(end, colors), brokenClaims(end)),
      };
    },
    recorded,
  };
}

function brokenClaims(end: CampaignEnd): number {
  if (end.kind !== "judged") return 0;
  return end.judged.verdict.claims.filter(({ result }) => result.verdict === "broken").length;
}

function describeEnd(end: CampaignEnd, colors: Colors): string {
  const code = exitCodeOf(end);
  const tone = code === EXIT.wellDone ? "good" : code === EXIT.undecided ? "doubtful" : "bad";
  const head = `${colors.bold(titleOf(end))} (seed ${end.seed}): ${paint(colors, tone)(outcomeWord(end))} after ${end.seconds.toFixed(1)} s`;
  if (end.kind !== "judged") return `${head}: ${outcomeSentence(end)}`;
  const { claims, doubts } = onOneLine(end.judged.verdict);
  return [
    head,
    ...doubts.map((doubt) => `  doubt: ${doubt}`),
    ...claims.flatMap((judged) => claimLines(judged, colors)),
  ].join("\n");
}
