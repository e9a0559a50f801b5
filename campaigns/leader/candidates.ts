/** What a candidate does that has lost its connection, or resigns late. */
import type { DeclaredFault } from "../declare/declare.ts";
import { leaderCampaign } from "./words/lanes.ts";
import { AGAIN_MS, ledAgain, oneBelief, seated, TERM_MS } from "./words/claims.ts";

export const leaderComesBack = leaderCampaign({
  name: "leader-comes-back",
  title: "A leader that lost its connection is the only candidate left",
  description:
    "The leader's connections are reset and refused for longer than its term, and another one leads. When the link is back the other one is killed: the candidate that had been cut off is the only one left, and has to lead.",
  suite: "standard",
  system: { kind: "single", options: {} },
  options: { termMs: TERM_MS },
  others: { standAfterMs: 900 },
  leaders: [{ leader: "lease" }, { leader: "lease-ends-at-error" }],
  loadMs: 13_000,
  faults: ({ first, second, fault }): readonly DeclaredFault[] => [
    {
      id: fault("cut"),
      kind: "link",
      options: { from: first, to: "n1", how: "down" },
      start: { afterMs: 1_200, at: { worker: first, point: "working" } },
      end: { afterMs: TERM_MS + 1_000, at: { worker: second, point: "working" } },
    },
    {
      id: fault("crash"),
      kind: "kill",
      options: { target: second },
      start: { after: { fault: fault("cut"), stage: "healed" }, afterMs: 800 },
    },
  ],
  claims: ({ fault }) => [ledAgain(["lease-ends-at-error"], AGAIN_MS, { afterFault: fault("crash") })],
});

export const leaderRefusedCandidate = leaderCampaign({
  name: "leader-refused-candidate",
  title: "A candidate cannot ask the server",
  description:
    "One candidate leads; the connections of the other are reset and refused. What a candidate does not know it must not take for its election.",
  suite: "standard",
  system: { kind: "single", options: {} },
  options: { termMs: TERM_MS },
  others: { standAfterMs: 500 },
  leaders: [{ leader: "lease" }, { leader: "lease-elects-on-error" }],
  loadMs: 6_500,
  faults: ({ second, fault }, random): readonly DeclaredFault[] => [
    {
      id: fault("cut"),
      kind: "link",
      options: { from: second, to: "n1", how: "down" },
      start: { afterMs: random.integer(1_200, 1_600) },
      end: { afterMs: 3_000 },
    },
  ],
  claims: () => [oneBelief(["lease-elects-on-error"]), seated(["lease-elects-on-error"])],
});

export const leaderLateResignation = leaderCampaign({
  name: "leader-late-resignation",
  title: "A resignation comes too late",
  description:
    "A leader resigns, and its request is held up in the network until its term is over and another one leads. It must not take the other one's leadership away.",
  suite: "standard",
  system: { kind: "single", options: {} },
  options: { termMs: TERM_MS, resignAfterMs: 400 },
  // A busy machine takes its time, and the rival's next renewal would tell it what has happened.
  others: { standAfterMs: 300, termMs: 9_000, resignAfterMs: 60_000 },
  leaders: [{ leader: "lease" }, { leader: "lease-plain-delete" }],
  loadMs: 8_000,
  faults: ({ first, second, fault }): readonly DeclaredFault[] => [
    {
      id: fault("late"),
      kind: "link",
      options: { from: first, to: "n1", how: "hold", direction: "forth" },
      start: { at: { worker: first, point: "before-resign" } },
      end: { afterMs: TERM_MS, at: { worker: second, point: "working" } },
    },
  ],
  claims: () => [seated(["lease-plain-delete"])],
});
