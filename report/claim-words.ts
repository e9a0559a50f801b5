/** How a judged claim reads in one or two words, and how it is coloured. */
import type { JudgedClaim } from "../checkers/judge/verdict.ts";

export type Tone = "good" | "bad" | "doubtful" | "shown" | "quiet";

export interface ClaimWords {
  readonly words: string;
  readonly tone: Tone;
}

/** How a claim, or a cell of a table, reads that is not about what was tested. */
export const NOT_APPLICABLE = "not applicable";

/** `BROKEN` is kept for broken promises. A hope that breaks as expected is what its campaign exists to show. */
export function claimWords({ claim, result, inapplicable }: JudgedClaim): ClaimWords {
  if (inapplicable === true) return { words: NOT_APPLICABLE, tone: "quiet" };
  switch (result.verdict) {
    case "holds":
      if (claim.standing === "hoped" && claim.expect === "broken")
        return { words: "not demonstrated", tone: "doubtful" };
      return { words: "holds", tone: "good" };
    case "broken":
      if (claim.standing === "promised") return { words: "BROKEN", tone: "bad" };
      if (claim.expect === "broken") return { words: "broken (demonstrated)", tone: "shown" };
      return { words: "broken (not promised)", tone: "shown" };
    case "vacuous":
      return { words: "vacuous", tone: "doubtful" };
    case "unknown":
      return { words: "unknown", tone: "doubtful" };
  }
}
