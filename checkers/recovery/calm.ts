/** The time in which everything has to work again. */
import type { History } from "../../history/history.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { actsFrom, isWorkerName } from "../kit/faults.ts";
import type { Span } from "../kit/phases.ts";
import { loadPhase, phaseStart } from "../kit/phases.ts";

/** `heal`: from its end on. `fault`: from its beginning on, by all that it leaves alone. */
export type Since = "heal" | "fault";

export interface Calm extends Span {
  /** Until then what was sent may still arrive. */
  readonly arrivals: number;
  /** The faults that it follows: the named one, or all. */
  readonly after: readonly FaultRecord[];
}

/**
 * From when the named fault (or every one) was over until the load ends or the next fault begins. Where another fault
 * acts at its beginning, that one must be over, too. `from` is Infinity where that never comes.
 */
export function calmAfter(
  history: History,
  faults: ReadonlyMap<string, FaultRecord>,
  named: FaultRecord | undefined,
  since: Since,
): Calm {
  const all = [...faults.values()].filter((fault) => fault.from !== Infinity);
  const after = named === undefined ? all : [named];
  const others = all.filter((fault) => !fault.elsewhere && (since === "heal" || !after.includes(fault)));
  const base = after.map((fault) => (since === "fault" ? actsFrom(fault) : endOf(fault)));
  let from = named === undefined ? Math.max(...base) : (base[0] ?? Infinity);
  for (let over = acting(others, from); over !== undefined; over = acting(others, from)) from = endOf(over);
  const load = loadPhase(history).to;
  const heals = since === "fault" ? after.map(({ stages, to }) => stages.get("heal")?.event.time ?? to) : [];
  const next = Math.min(...others.map((fault) => fault.from).filter((each) => each > from), ...heals);
  const final = phaseStart(history, "final") ?? history.span.to;
  return { from, to: Math.min(load, next), arrivals: Math.min(final, next), after };
}

/** A worker that was killed does not come back: what others need of it is there at once, or never. */
function endOf(fault: FaultRecord): number {
  return fault.kind === "kill" && fault.target.every(isWorkerName) ? actsFrom(fault) : fault.to;
}

function acting(faults: readonly FaultRecord[], at: number): FaultRecord | undefined {
  return at === Infinity ? undefined : faults.find((fault) => fault.from <= at && endOf(fault) > at);
}
