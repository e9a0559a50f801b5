/** What came of it, at the resource, that two clients held a lock at the same time. */
import { numberIn } from "../../../history/vocabulary/read.ts";
import type { Grant } from "./grants.ts";
import type { HistoryEvent, Operation } from "../../../history/operation.ts";
import { moment } from "../../kit/words.ts";

/**
 * A write that arrived after the other holder had used the resource since the writer's first access, or that the
 * resource refused.
 */
export interface LateWrite {
  readonly writer: Grant;
  readonly other: Grant;
  readonly write: Operation;
  /** The other's last use of the resource before. */
  readonly use: Operation;
  readonly accepted: boolean;
}

interface Arrival {
  readonly seq: number;
  readonly grant: Grant;
  readonly access: Operation;
  readonly accepted: boolean;
}

/**
 * The first such write of two holders that was accepted; else the first that was refused. Undefined where the order of
 * arrival is not recorded, or nothing came of it.
 */
export function firstLateWrite(a: Grant, b: Grant): LateWrite | undefined {
  const arrivals = [...arrivalsOf(a), ...arrivalsOf(b)].sort((x, y) => x.seq - y.seq);
  const begun = new Map<Grant, number>();
  const last = new Map<Grant, Arrival>();
  let refused: LateWrite | undefined;
  for (const arrival of arrivals) {
    const { seq, grant, access, accepted } = arrival;
    const other = grant === a ? b : a;
    const use = last.get(other);
    if (access.f === "write" && use !== undefined && use.seq > (begun.get(grant) ?? seq)) {
      const late = { writer: grant, other, write: access, use: use.access, accepted };
      if (accepted) return late;
      refused ??= late;
    }
    if (!accepted) continue;
    if (!begun.has(grant)) begun.set(grant, seq);
    last.set(grant, arrival);
  }
  return refused;
}

export interface Telling {
  /** The write that the sentence has just told of, if any. */
  readonly told?: HistoryEvent | undefined;
  /** Whether a lock was over when its client got it: then the other one's write is not to be blamed. */
  readonly isOver?: (grant: Grant) => boolean;
}

/**
 * The end of a sentence: `; at 3.204 s w1 sent a write that the resource should not have accepted, as …`; nothing where
 * there is no such write.
 */
export function toldOf(late: LateWrite | undefined, { told, isOver = () => false }: Telling = {}): string {
  if (late === undefined) return "";
  const { writer, other, write, use, accepted } = late;
  if (isOver(other) && !isOver(writer)) {
    const ended = accepted ? "accepted" : "refused";
    return `; under the lock that was over ${other.who} used the resource at ${moment(use.invoke.time)}, between the first access of ${writer.who} and its write at ${moment(write.invoke.time)}, which the resource ${ended}`;
  }
  const what = accepted ? "should not have accepted" : "refused";
  const reason = `as ${other.who} had used it since ${writer.who} began`;
  return write.invoke === told
    ? `, and that write the resource ${what}, ${reason}`
    : `; at ${moment(write.invoke.time)} ${writer.who} sent a write that the resource ${what}, ${reason}`;
}

/** The events that show it. */
export function eventsOfHarm(late: LateWrite | undefined): (HistoryEvent | undefined)[] {
  return [late?.use.invoke, late?.use.completion, late?.write.invoke, late?.write.completion];
}

function arrivalsOf(grant: Grant): Arrival[] {
  return grant.accesses.flatMap((access): Arrival[] => {
    const { completion } = access;
    const seq = completion === undefined ? undefined : numberIn(completion, "seq");
    return seq === undefined ? [] : [{ seq, grant, access, accepted: completion?.type === "ok" }];
  });
}
