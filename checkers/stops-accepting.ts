/**
 * A node that was cut off must stop acknowledging, after a while: what `min-replicas-to-write` and the cluster's node
 * timeout are for (https://redis.io/docs/latest/operate/oss_and_stack/management/replication/).
 *
 * Looked at are operations that began at least `afterMs` after the fault was seen to act and ended before it was
 * healed. Which nodes were cut off, the fault's moment says: `detail.primary`, `detail.minority` or `detail.isolated`.
 */
import { z } from "zod";
import type { History } from "../history/history.ts";
import type { HistoryEvent, Operation } from "../history/operation.ts";
import type { CheckResult, Finding } from "./checker.ts";
import { checkerOf } from "./kit/checker-of.ts";
import { namedBy } from "./kit/exercise.ts";
import { clearest, conclude } from "./kit/conclude.ts";
import { evidence } from "./kit/evidence.ts";
import type { FaultRecord } from "./kit/faults.ts";
import { describeFault, faultsOf } from "./kit/faults.ts";
import { loadPhase } from "./kit/phases.ts";
import { counted, duration, fromMs, listed, milliseconds, moment } from "./kit/words.ts";

const OPTIONS = z.strictObject({
  fault: z.string().describe("The fault that cuts the node off"),
  afterMs: z.number().min(0).describe("How long it may still acknowledge, in milliseconds"),
  f: z.array(z.string()).nonempty().describe("Which operations count"),
});

/** Counts the acknowledgements that came from a node that should have stopped. */
export const stopsAccepting = checkerOf({
  name: "stops-accepting",
  options: OPTIONS,
  // No success is right there: what counts is that somebody tried.
  exercise: namedBy("f", "tried"),
  check,
});

function check(history: History, { fault: id, afterMs, f }: z.output<typeof OPTIONS>): CheckResult {
  const fault = faultsOf(history).get(id);
  const active = fault?.stages.get("active");
  const cutAt = active?.event.time ?? Infinity;
  const deadline = cutAt + fromMs(afterMs);
  const healAt = fault?.stages.get("heal")?.event.time ?? loadPhase(history).to;
  const nodes = fault === undefined ? [] : cutOff(fault);
  const atNodes = history.operations.filter(
    (operation) => f.includes(operation.f) && nodes.includes(nodeOf(operation) ?? ""),
  );
  const acknowledged = atNodes.filter(
    ({ completion }) => completion?.type === "ok" && completion.time > cutAt && completion.time <= healAt,
  );
  const attempts = atNodes.filter(({ invoke }) => invoke.time >= deadline && invoke.time < healAt);
  const accepted = acknowledged.filter(({ invoke }) => invoke.time >= deadline);
  const last = acknowledged.reduce((latest, { completion }) => Math.max(latest, completion?.time ?? 0), cutAt);
  const names = listed(nodes);
  return conclude({
    history,
    findings:
      fault === undefined
        ? []
        : clearest(
            accepted,
            (a, b) => a.invoke.index - b.invoke.index,
            (operation) => describe(operation, cutAt, fault),
          ),
    count: accepted.length,
    broken: `${names} acknowledged ${counted(accepted.length, "operation")} that began more than ${duration(fromMs(afterMs))} after the cut, the last ${duration(last - cutAt)} after it.`,
    unknown:
      active !== undefined && nodes.length === 0 ? `The fault “${id}” does not say which nodes it cut off.` : undefined,
    vacuous:
      active === undefined
        ? `The fault “${id}” never acted, so no node was cut off.`
        : nodes.length > 0 && attempts.length === 0
          ? `Nothing was tried on ${names} between ${duration(fromMs(afterMs))} after the cut and its end.`
          : undefined,
    holds: `${names} acknowledged nothing of ${counted(attempts.length, "operation")} that began more than ${duration(fromMs(afterMs))} after the cut.`,
    figures: {
      "tried after the deadline": attempts.length,
      "acknowledged after the deadline": accepted.length,
      ...(acknowledged.length === 0 ? {} : { "last acknowledgement ms after the cut": milliseconds(last - cutAt) }),
    },
  });
}

function cutOff(fault: FaultRecord): string[] {
  const detail = { ...fault.stages.get("inject")?.moment.detail, ...fault.stages.get("active")?.moment.detail };
  const named = detail["primary"] ?? detail["minority"] ?? detail["isolated"] ?? [];
  const list: readonly unknown[] = Array.isArray(named) ? named : [named];
  return list.filter((name) => typeof name === "string");
}

function nodeOf({ invoke, completion }: Operation): string | undefined {
  return completion?.node ?? invoke.node;
}

function describe(operation: Operation, cutAt: number, fault: FaultRecord): Finding {
  const { invoke, completion } = operation;
  const events: (HistoryEvent | undefined)[] = [fault.stages.get("active")?.event, invoke, completion];
  return {
    kind: "still-accepting",
    sentence:
      `${nodeOf(operation)} acknowledged the ${operation.f} ${JSON.stringify(completion?.value ?? invoke.value)} at ${moment(completion?.time ?? invoke.time)}, ` +
      `which was sent ${duration(invoke.time - cutAt)} after it had been cut off; ${describeFault(fault)}.`,
    events: evidence(events),
  };
}
