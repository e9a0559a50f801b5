import { lanesCampaign, STEADY_TTL_MS } from "../words/lanes.ts";
import { noTwoBeliefs } from "../words/lane-claims.ts";

const TTL_MS = 6_000;
/**
 * So much later than its grant it asks for more: so much longer than the lock lives it believes what it is told. The
 * busiest machine lets the request through within that time.
 */
const THINK_MS = 3_000;

export const lockLateExtension = lanesCampaign({
  name: "lock-late-extension",
  title: "An extension that comes too late",
  description:
    "A holder's extension is held up in the network until its lock has expired and another client has got it. It must not be told that it still holds.",
  suite: "standard",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { ttlMs: TTL_MS, extendAt: "critical-section", thinkAtLeastMs: THINK_MS, commandTimeoutMs: 15_000 },
  locks: [{ lock: "simple" }, { lock: "extends-unchecked" }],
  // It leaves the lock to the first one for most of the time.
  second: { ttlMs: STEADY_TTL_MS, thinkAtLeastMs: 0, thinkMs: 50, idleMs: 300 },
  loadMs: 9_000,
  faults: ({ clients: [first, second], fault }, random) => [
    {
      id: fault("late-extension"),
      kind: "link",
      options: { from: first, to: "n1", how: "hold", direction: "forth" },
      start: { at: { worker: first, point: "before-extend", occurrence: random.integer(1, 2) } },
      end: { at: { worker: second, point: "critical-section", holdMs: 1_500 } },
    },
  ],
  claims: () => [noTwoBeliefs(["extends-unchecked"])],
});
