import { leaderCampaign } from "./words/lanes.ts";
import {
  fencedWork,
  ledAgain,
  noStaleWork,
  oneBelief,
  risingTokens,
  seated,
  TERM_MS,
  toldOnce,
} from "./words/claims.ts";

/** No fault at all: what breaks here breaks every day. */
export const leaderResignations = leaderCampaign({
  name: "leader-resignations",
  title: "Leaders resign under load, and nothing else happens",
  description:
    "Three candidates: the one that leads works, resigns in order after half a second, and stands again. The control for all other campaigns of leaders: two never lead at once, each is told once, tokens rise, and all work arrives in order.",
  suite: "standard",
  system: { kind: "single", options: {} },
  options: { termMs: TERM_MS, resignAfterMs: 500 },
  candidates: 3,
  leaders: [{ leader: "lease-fenced" }, { leader: "lease" }, { leader: "lease-token-apart" }],
  loadMs: 7_000,
  claims: ({ leader }) => [
    oneBelief([]),
    seated([]),
    ledAgain([]),
    toldOnce([]),
    ...(leader === "lease" ? [noStaleWork([], "promised")] : [fencedWork([]), risingTokens(["lease-token-apart"])]),
  ],
});

/** Nobody resigns, so that a term has to be renewed. */
export const leaderQuietTerm = leaderCampaign({
  name: "leader-quiet-term",
  title: "A leader leads for many terms",
  description:
    "Two candidates and no fault: the first one leads for as long as it likes, the second one waits. A leader that does not renew its lease has a rival soon; one that is told of its election again and again starts its work again and again.",
  suite: "quick",
  system: { kind: "single", options: {} },
  options: { termMs: 1_000 },
  others: { standAfterMs: 400 },
  leaders: [{ leader: "lease" }, { leader: "endless-lease" }, { leader: "lease-tells-again" }],
  loadMs: 4_000,
  claims: () => [oneBelief(["endless-lease"]), seated(["endless-lease"]), toldOnce(["lease-tells-again"])],
});
