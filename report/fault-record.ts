/** What became of every fault: the plan's intention beside the moments that the nemesis recorded. */
import type { History } from "../history/history.ts";
import type { FaultStage, ProbeResult } from "../history/nemesis-event.ts";
import { faultMoment } from "../history/nemesis-event.ts";
import type { Moment, Plan } from "../history/plan.ts";
import { describeSighting } from "../history/sighting-words.ts";
import { formatLength, microseconds } from "./quantities.ts";
import type { FaultSpan } from "./page-model.ts";

export interface FaultRecord {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly target: readonly string[];
  /** The planned start and end in words. */
  readonly planned: { readonly start: string; readonly end: string };
  /** What started it, as the nemesis saw it. */
  readonly trigger: string | undefined;
  /** Times of the recorded stages, in microseconds. */
  readonly at: { readonly [stage in FaultStage]?: number };
  readonly probes: readonly { readonly stage: FaultStage; readonly probe: ProbeResult }[];
  /** Why it did not fire. */
  readonly reason: string | undefined;
}

/** The faults of a run: those of the plan in its order, then any that only the history knows. */
export function faultRecords(history: History, plan: Plan): FaultRecord[] {
  const records = new Map<string, FaultRecord>();
  for (const fault of plan.faults) {
    records.set(fault.id, {
      id: fault.id,
      kind: fault.kind,
      title: fault.id,
      target: [],
      planned: {
        start: momentInWords(fault.start, "start"),
        end: fault.end === undefined ? "when the load ends" : momentInWords(fault.end, "end"),
      },
      trigger: undefined,
      at: {},
      probes: [],
      reason: undefined,
    });
  }
  for (const event of history.nemesis) {
    const moment = faultMoment(event);
    if (moment === undefined) continue;
    const known = records.get(moment.fault);
    const trigger = known?.trigger ?? moment.trigger;
    records.set(moment.fault, {
      id: moment.fault,
      kind: known?.kind ?? event.f,
      title: moment.title,
      target: moment.target,
      planned: known?.planned ?? { start: "not in the plan", end: "not in the plan" },
      trigger,
      at: { ...known?.at, [moment.stage]: microseconds(event.time) },
      probes:
        moment.probe === undefined
          ? (known?.probes ?? [])
          : [...(known?.probes ?? []), { stage: moment.stage, probe: moment.probe }],
      reason: known?.reason ?? moment.reason,
    });
  }
  return [...records.values()];
}

/** The faults that acted, or at least were about to, as spans on the time axis. */
export function faultSpans(records: readonly FaultRecord[]): FaultSpan[] {
  const spans: FaultSpan[] = [];
  for (const { id, kind, title, target, at } of records) {
    const injectUs = at.inject ?? at.active;
    if (injectUs === undefined) continue;
    spans.push({
      id,
      kind,
      title,
      target,
      injectUs,
      ...(at.active === undefined ? {} : { activeUs: at.active }),
      ...(at.heal === undefined ? {} : { healUs: at.heal }),
      ...(at.healed === undefined ? {} : { healedUs: at.healed }),
    });
  }
  return spans.sort((a, b) => a.injectUs - b.injectUs);
}

/** A planned moment as a phrase: `after cut is active, 20 ms later, when w1 reaches critical-section`. */
export function momentInWords(moment: Moment, role: "start" | "end"): string {
  const parts: string[] = [];
  if (moment.after !== undefined) parts.push(`after ${moment.after.fault} is ${moment.after.stage}`);
  if (moment.on !== undefined) parts.push(describeSighting(moment.on));
  if (moment.afterMs !== undefined) {
    const length = formatLength(moment.afterMs * 1000);
    if (moment.after !== undefined || moment.on !== undefined) parts.push(`${length} later`);
    else parts.push(role === "start" ? `${length} into the load` : `${length} after it took effect`);
  }
  if (moment.at !== undefined) {
    const { worker, point, occurrence } = moment.at;
    parts.push(
      `when ${worker} reaches ${point}${occurrence === undefined || occurrence === 1 ? "" : `, arrival ${occurrence}`}`,
    );
  }
  return parts.join(", ");
}
