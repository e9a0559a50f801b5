/** The definitions of the delivery checker, written down without any cleverness. */
import type { History } from "../../../history/history.ts";
import { phaseOf } from "../../../history/nemesis-event.ts";
import type { Operation } from "../../../history/operation.ts";

interface Parts {
  channel: string;
  message: string;
}

const invoked = ({ invoke }: Operation): Parts => invoke.value as unknown as Parts;
const completed = ({ completion }: Operation): Parts => completion?.value as unknown as Parts;
const same = (a: Parts, b: Parts): boolean => a.channel === b.channel && a.message === b.message;

export function lossesOfSubscribers(
  history: History,
  send: string,
): { connected: number; disconnected: number; edge: number } {
  const counts = { connected: 0, disconnected: 0, edge: 0 };
  const loadEnd = history.nemesis.find((event) => phaseOf(event) === "heal")?.time ?? 0;
  const ok = history.operations.filter(
    ({ f, completion }) => f === send && completion?.type === "ok" && completion.time <= loadEnd,
  );
  for (const worker of ["w2", "w3"]) {
    for (const channel of ["a", "b"]) {
      const own = history.operations.filter(
        (operation) =>
          operation.invoke.worker === worker &&
          ["subscribe", "deliver"].includes(operation.f) &&
          invoked(operation).channel === channel,
      );
      const first = own.find(({ f, completion }) => f === "subscribe" && completion?.type === "ok")?.completion;
      if (first === undefined) continue;
      for (const publish of ok) {
        if (invoked(publish).channel !== channel || publish.invoke.time <= first.time) continue;
        if (
          own.some(
            (each) => each.f === "deliver" && each.completion?.type === "ok" && same(completed(each), invoked(publish)),
          )
        )
          continue;
        counts[whereWas(own, publish.invoke.time, publish.completion?.time ?? 0)] += 1;
      }
    }
  }
  return counts;
}

/** Looks at every moment of a span, and at the state that the subscriber's operations until then had left. */
function whereWas(own: readonly Operation[], from: number, to: number): "connected" | "disconnected" | "edge" {
  const marks: { time: number; state: "connected" | "disconnected" | "edge" }[] = [];
  for (const [i, { f, invoke, completion }] of own.entries()) {
    if (f === "subscribe" && completion?.type === "ok") {
      if (marks.at(-1)?.state !== "connected") marks.push({ time: completion.time, state: "connected" });
    }
    if (f === "deliver" && completion !== undefined && completion.type !== "ok")
      marks.push({ time: completion.time, state: "disconnected" });
    if (f === "deliver" && completion === undefined && i >= 0)
      marks.push({
        time: invoke.time,
        state: marks.at(-1)?.state === "connected" ? "edge" : (marks.at(-1)?.state ?? "edge"),
      });
  }
  const spans = marks.map(({ time, state }, i) => ({ from: time, to: marks[i + 1]?.time ?? Infinity, state }));
  // Neighbours of one state are one span.
  const merged: typeof spans = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last?.state === span.state) last.to = span.to;
    else merged.push({ ...span });
  }
  return merged.find((span) => span.state !== "edge" && span.from < from && to < span.to)?.state ?? "edge";
}

export function lossesOfGroup(history: History, send: string): { lost: number; unacked: number; perhaps: number } {
  const counts = { lost: 0, unacked: 0, perhaps: 0 };
  const loadEnd = history.nemesis.find((event) => phaseOf(event) === "heal")?.time ?? 0;
  for (const add of history.operations) {
    if (add.f !== send || add.completion?.type !== "ok" || add.completion.time > loadEnd) continue;
    const delivered = history.operations.some(
      (each) => each.f === "deliver" && each.completion?.type === "ok" && same(completed(each), invoked(add)),
    );
    const acks = history.operations.filter((each) => each.f === "ack" && same(invoked(each), invoked(add)));
    if (!delivered) counts.lost += 1;
    else if (acks.some(({ completion }) => completion?.type === "ok")) continue;
    else if (acks.some(({ completion }) => completion?.type !== "fail")) counts.perhaps += 1;
    else counts.unacked += 1;
  }
  return counts;
}

function received(history: History): Operation[] {
  return history.operations
    .filter(({ f, completion }) => f === "deliver" && completion?.type === "ok")
    .sort((a, b) => (a.completion?.index ?? 0) - (b.completion?.index ?? 0));
}

export function duplicateCount(history: History, audience: "each" | "group"): number {
  const all = received(history);
  return all.filter((each, i) =>
    all
      .slice(0, i)
      .some(
        (earlier) =>
          same(completed(earlier), completed(each)) &&
          (audience === "group" || earlier.invoke.worker === each.invoke.worker),
      ),
  ).length;
}

export function disorderCount(history: History, send: string): number {
  const sent = history.operations.filter(({ f, completion }) => f === send && completion?.type === "ok");
  const all = received(history).filter((each) => sent.some((publish) => same(invoked(publish), completed(each))));
  const firsts = all.filter(
    (each, i) =>
      !all
        .slice(0, i)
        .some((earlier) => earlier.invoke.worker === each.invoke.worker && same(completed(earlier), completed(each))),
  );
  return firsts.filter((each, i) =>
    firsts.slice(0, i).some((earlier) => {
      const [a, b] = [completed(earlier), completed(each)];
      const [publisherA, numberA] = a.message.split(":");
      const [publisherB, numberB] = b.message.split(":");
      const comparable =
        earlier.invoke.worker === each.invoke.worker && a.channel === b.channel && publisherA === publisherB;
      return comparable && Number(numberA) > Number(numberB);
    }),
  ).length;
}

export function phantomCount(history: History, send: string): number {
  return received(history).filter(
    (each) =>
      !history.operations.some(
        ({ f, invoke }) =>
          f === send &&
          same(invoke.value as unknown as Parts, completed(each)) &&
          invoke.time <= (each.completion?.time ?? 0),
      ),
  ).length;
}
