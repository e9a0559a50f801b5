/** The definitions of the recovery checker, written down without any cleverness. */
import type { History } from "../../../history/history.ts";
import { phaseOf } from "../../../history/nemesis-event.ts";
import type { Operation } from "../../../history/operation.ts";
import { MS } from "../history-of.ts";
import { consumerOf, faultsIn } from "./deliveries.ts";

interface Parts {
  readonly channel: string;
  readonly message: string;
  readonly dueMs?: number;
}

/** How many did not recover, never or late, and of how many that can be said; undefined where nothing is asked. */
export interface Expected {
  readonly never: number;
  readonly late: number;
  readonly fine: number;
}

const asked = ({ invoke }: Operation): Parts => invoke.value as unknown as Parts;
const answered = ({ completion }: Operation): Parts => completion?.value as unknown as Parts;
const same = (a: Parts, b: Parts): boolean => a.channel === b.channel && a.message === b.message;
const isOk = ({ completion }: Operation): boolean => completion?.type === "ok";
const began = ({ invoke }: Operation): number => invoke.time;

interface Looked {
  readonly from: number;
  readonly to: number;
  readonly arrivals: number;
}

/** After the fault `link`, or after all of them. */
function looked(history: History, named: boolean, boundMs: number): Looked | undefined {
  const faults = faultsIn(history).map((fault) => ({ ...fault, end: fault.kind === "kill" ? fault.from : fault.to }));
  const after = named ? faults.filter(({ kind }) => kind === "link") : faults;
  if (after.length === 0) return undefined;
  let from = Math.max(...after.map(({ end }) => end));
  const others = faults.filter(({ elsewhere }) => !elsewhere);
  for (const fault of [...others, ...others]) if (fault.from <= from && fault.end > from) from = fault.end;
  const phase = (name: string): number => history.nemesis.find((event) => phaseOf(event) === name)?.time ?? 0;
  const next = Math.min(...others.filter((fault) => fault.from > from).map((fault) => fault.from));
  const to = Math.min(phase("heal"), next);
  return to - from < boundMs * MS ? undefined : { from, to, arrivals: Math.min(phase("final"), next) };
}

/** When the client stopped waiting: with the answer, or when it was killed. */
function ended(history: History, { invoke, completion }: Operation): number {
  if (completion !== undefined) return completion.time;
  const kills = faultsIn(history).filter(
    ({ kind, target, from }) => kind === "kill" && target.includes(invoke.worker ?? "") && from >= invoke.time,
  );
  return Math.min(Infinity, ...kills.map(({ from }) => from));
}

export function recoveryOfTrying(
  history: History,
  named: boolean,
  boundMs: number,
  f: string,
  unitOf: (operation: Operation) => string,
): Expected | undefined {
  const span = looked(history, named, boundMs);
  if (span === undefined) return undefined;
  const counts = { never: 0, late: 0, fine: 0 };
  const operations = history.operations.filter((each) => each.f === f);
  for (const unit of new Set(operations.map(unitOf))) {
    const open = operations.filter((each) => unitOf(each) === unit && ended(history, each) >= span.from);
    const tried = open.filter((each) => began(each) < span.to);
    const [first] = tried;
    if (first === undefined) continue;
    const deadline = Math.max(span.from, began(first)) + boundMs * MS;
    const success = Math.min(Infinity, ...open.filter(isOk).map((each) => ended(history, each)));
    const shows = tried.some(
      (each) => ended(history, each) > deadline && began(each) < success && (!isOk(each) || began(each) <= deadline),
    );
    if (success <= deadline) counts.fine += 1;
    else if (deadline < span.to && shows) counts[success === Infinity ? "never" : "late"] += 1;
  }
  return counts;
}

export function recoveryOfListening(
  history: History,
  named: boolean,
  { boundMs, arriveMs }: { readonly boundMs: number; readonly arriveMs: number },
  unit: "worker" | "channel" | "subscription",
): Expected | undefined {
  const span = looked(history, named, boundMs);
  if (span === undefined) return undefined;
  const counts = { never: 0, late: 0, fine: 0 };
  const places = ["w2", "w3"].flatMap((worker) => ["a", "b"].map((channel) => ({ worker, channel })));
  const subscribed = places.flatMap((place) => {
    const consumer = consumerOf(history, place.worker, place.channel);
    return consumer === undefined ? [] : [{ ...place, consumer }];
  });
  const name = ({ worker, channel }: { worker: string; channel: string }): string =>
    unit === "worker" ? worker : unit === "channel" ? channel : `${worker} ${channel}`;
  const sends = history.operations.filter((each) => each.f === "publish" && began(each) >= span.from);
  for (const one of new Set(subscribed.map(name))) {
    const own = subscribed.filter((each) => name(each) === one);
    const received = history.operations.filter(
      (each) =>
        each.f === "deliver" &&
        isOk(each) &&
        own.some(({ worker, channel }) => each.invoke.worker === worker && answered(each).channel === channel) &&
        sends.some((sent) => same(asked(sent), answered(each))),
    );
    const first = Math.min(Infinity, ...received.map((each) => each.completion?.time ?? 0));
    const probe = sends.find(
      (sent) =>
        isOk(sent) &&
        began(sent) >= span.from + boundMs * MS &&
        (sent.completion?.time ?? 0) <= span.to &&
        own.some(
          ({ channel, consumer }) =>
            channel === asked(sent).channel &&
            consumer.member.some(({ from, to }) => from < began(sent) && (sent.completion?.time ?? 0) < to),
        ),
    );
    const deadline = probe === undefined ? Infinity : (probe.completion?.time ?? 0) + arriveMs * MS;
    if (first <= deadline && first < Infinity) counts.fine += 1;
    else if (deadline < span.arrivals) counts[first === Infinity ? "never" : "late"] += 1;
  }
  return counts;
}

export function recoveryOfEntries(history: History, named: boolean, boundMs: number): Expected | undefined {
  const span = looked(history, named, boundMs);
  if (span === undefined) return undefined;
  const counts = { never: 0, late: 0, fine: 0 };
  for (const sent of history.operations.filter((each) => each.f === "publish" && isOk(each))) {
    const acks = history.operations.filter((each) => each.f === "ack" && same(asked(each), asked(sent)));
    const done = Math.min(Infinity, ...acks.filter(isOk).map((each) => each.completion?.time ?? 0));
    if (done < span.from) continue;
    const refusals = acks.flatMap(({ completion }) => (completion?.type === "fail" ? [completion.time] : []));
    const ready = (sent.completion?.time ?? 0) + (asked(sent).dueMs ?? 0) * MS;
    const last = Math.max(0, ...refusals);
    const deadline = Math.max(span.from, ready, last > done ? 0 : last) + boundMs * MS;
    const perhaps = acks.some(({ completion }) => completion === undefined || completion.type === "info");
    if (done <= deadline) counts.fine += 1;
    else if (deadline < span.arrivals && !(done === Infinity && perhaps))
      counts[done === Infinity ? "never" : "late"] += 1;
  }
  return counts;
}
