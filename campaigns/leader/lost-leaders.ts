/** A leader is stopped, killed, or cut off while it leads, and others have to lead instead of it. */
import type { DeclaredFault } from "../declare/declare.ts";
import type { Lane } from "./words/lanes.ts";
import { leaderCampaign } from "./words/lanes.ts";
import {
  AGAIN_MS,
  fencedWork,
  ledAgain,
  noStaleWork,
  oneBelief,
  oneTold,
  risingTokens,
  seated,
  stopsWork,
  TERM_MS,
} from "./words/claims.ts";

/** The first candidate leads first; the second one stands when that is so. */
const OTHERS = { standAfterMs: 900 };
const ON_ONE = { system: { kind: "single", options: {} }, others: OTHERS } as const;

export const leaderPaused = leaderCampaign({
  ...ON_ONE,
  name: "leader-paused",
  title: "The leader is paused for longer than its term",
  description:
    "A leader makes sure that it leads, is stopped for longer than its term (a garbage collection, a frozen machine), and then works. Nobody can tell it before it does; a fenced resource refuses the work, and an open one does not.",
  suite: "standard",
  options: { termMs: TERM_MS },
  leaders: [
    { leader: "lease", options: { fenced: false } },
    { leader: "lease-fenced" },
    { leader: "lease-ignores-demotion" },
  ],
  loadMs: 7_000,
  faults: ({ first, fault }, random): readonly DeclaredFault[] => [
    {
      id: fault("pause"),
      kind: "pause",
      options: { target: first },
      start: { afterMs: 1_200, at: { worker: first, point: "working", occurrence: random.integer(2, 9) } },
      end: { afterMs: TERM_MS + random.integer(1_200, 1_700) },
    },
  ],
  claims: ({ leader, fault }) => [
    ...(leader === "lease-ignores-demotion" ? [] : [oneTold(["lease", "lease-fenced"])]),
    oneBelief(["lease-ignores-demotion"]),
    stopsWork(["lease-ignores-demotion"]),
    ledAgain([], AGAIN_MS, { afterFault: fault("pause") }),
    ...(leader === "lease" ? [noStaleWork(["lease"])] : []),
    ...(leader === "lease-fenced" ? [fencedWork([]), risingTokens([])] : []),
  ],
});

export const leaderKilled = leaderCampaign({
  ...ON_ONE,
  name: "leader-killed",
  title: "The leader is killed",
  description:
    "The leader's process is killed in the middle of its work. Its term ends by itself, and the other candidate leads.",
  suite: "quick",
  options: { termMs: TERM_MS },
  leaders: [{ leader: "lease" }, { leader: "lease-fenced" }],
  loadMs: 6_500,
  faults: ({ first, fault }, random): readonly DeclaredFault[] => [
    {
      id: fault("crash"),
      kind: "kill",
      options: { target: first },
      start: { afterMs: 1_200, at: { worker: first, point: "working", occurrence: random.integer(2, 9) } },
    },
  ],
  claims: ({ leader, fault }) => [
    oneBelief([]),
    seated([]),
    ledAgain([], AGAIN_MS, { afterFault: fault("crash") }),
    ...(leader === "lease-fenced" ? [fencedWork([]), risingTokens([])] : [noStaleWork([], "promised")]),
  ],
});

const SILENT = "silence";
const DROPPED = "packets dropped";
const REFUSED = "connections reset and refused";

const HOW = { [SILENT]: "hold", [DROPPED]: "drop", [REFUSED]: "down" } as const;

function cut({ first, how, fault }: Lane): DeclaredFault {
  const kind = Object.entries(HOW).find(([words]) => words === how)?.[1] ?? "hold";
  return {
    id: fault("cut"),
    kind: "link",
    options: { from: first, to: "n1", how: kind },
    start: { afterMs: 1_200, at: { worker: first, point: "working" } },
    end: { afterMs: TERM_MS + 1_500 },
  };
}

export const leaderCutOff = leaderCampaign({
  ...ON_ONE,
  name: "leader-cut-off",
  title: "The leader is cut off from the server",
  description:
    "The leader's connection falls silent, loses every packet, or is reset and refused, for longer than its term. It has to step down by its own clock, before another one is elected; and when the link is back, it has to go on as a candidate.",
  suite: "nightly",
  options: { termMs: TERM_MS },
  leaders: [
    { leader: "lease", how: SILENT },
    { leader: "lease", how: DROPPED },
    { leader: "lease", how: REFUSED },
    { leader: "lease-without-clock", how: SILENT },
  ],
  loadMs: 7_000,
  faults: (lane) => [cut(lane)],
  claims: ({ fault }) => [
    oneBelief(["lease-without-clock"]),
    seated(["lease-without-clock"]),
    ledAgain([], AGAIN_MS, { afterFault: fault("cut") }),
    noStaleWork(["lease-without-clock"]),
  ],
});

const REQUESTS = "its requests held up";
const ANSWERS = "the answers held up";

export const leaderOneWay = leaderCampaign({
  ...ON_ONE,
  name: "leader-one-way",
  title: "The leader is cut off one way",
  description:
    "The leader's requests no longer get to the server, or the server's answers no longer to the leader. With the answers held up the server goes on to renew the lease of a leader that has stepped down.",
  suite: "nightly",
  options: { termMs: TERM_MS },
  leaders: [
    { leader: "lease", how: REQUESTS },
    { leader: "lease", how: ANSWERS },
    { leader: "lease-without-clock", how: REQUESTS },
  ],
  loadMs: 8_000,
  faults: ({ first, how, fault }): readonly DeclaredFault[] => [
    {
      id: fault("cut"),
      kind: "link",
      options: { from: first, to: "n1", how: "hold", direction: how === ANSWERS ? "back" : "forth" },
      start: { afterMs: 1_200, at: { worker: first, point: "working" } },
      end: { afterMs: TERM_MS + 2_000 },
    },
  ],
  claims: ({ fault }) => [
    oneBelief(["lease-without-clock"]),
    ledAgain([], AGAIN_MS, { afterFault: fault("cut") }),
    noStaleWork(["lease-without-clock"]),
  ],
});

export const leaderClock = leaderCampaign({
  ...ON_ONE,
  name: "leader-clock",
  title: "The leader's wall clock is set back, and it is cut off",
  description:
    "The leader's wall clock is set back by more than its term, and then its connection falls silent. A leader that counts its term by the wall clock leads on; one that counts by a clock that nobody sets steps down.",
  suite: "nightly",
  options: { termMs: TERM_MS },
  leaders: [{ leader: "lease" }, { leader: "lease-wall-clock" }],
  loadMs: 8_000,
  faults: ({ first, fault }, random): readonly DeclaredFault[] => [
    {
      id: fault("cut"),
      kind: "link",
      options: { from: first, to: "n1", how: "hold" },
      start: { afterMs: 1_200, at: { worker: first, point: "working" } },
      end: { afterMs: TERM_MS + 2_500 },
    },
    {
      id: fault("set-back"),
      kind: "clock-jump",
      options: { target: first, offsetMs: -random.integer(20_000, 40_000) },
      start: { after: { fault: fault("cut"), stage: "active" } },
    },
  ],
  claims: () => [oneBelief(["lease-wall-clock"]), noStaleWork(["lease-wall-clock"])],
});
