/** The definitions of what the delivery workload's history is judged by, written down without any cleverness. */
import type { History } from "../../../history/history.ts";
import { faultMoment, phaseOf } from "../../../history/nemesis-event.ts";
import type { HistoryEvent, Operation } from "../../../history/operation.ts";
import { MS } from "../history-of.ts";

interface Parts {
  readonly channel: string;
  readonly message: string;
  readonly delivery?: string;
  readonly consumer?: string;
  readonly connected?: boolean;
  readonly dueMs?: number;
  readonly receivers?: number | null;
}

const asked = ({ invoke }: Operation): Parts => invoke.value as unknown as Parts;
const answered = ({ completion }: Operation): Parts => completion?.value as unknown as Parts;
const isOk = ({ completion }: Operation): boolean => completion?.type === "ok";
const same = (a: Parts, b: Parts): boolean => a.channel === b.channel && a.message === b.message;
const began = ({ invoke }: Operation): number => invoke.time;
const ended = ({ completion }: Operation): number => completion?.time ?? Infinity;
const SECOND = 1_000 * MS;

const of = (history: History, f: string): Operation[] => history.operations.filter((each) => each.f === f);

function phase(history: History, name: string): number {
  return history.nemesis.find((event) => phaseOf(event) === name)?.time ?? 0;
}

interface Struck {
  readonly kind: string;
  readonly target: readonly string[];
  readonly from: number;
  readonly to: number;
  /** It strikes workers only, and none that did anything. */
  readonly elsewhere: boolean;
}

export function faultsIn(history: History): Struck[] {
  const moments = history.nemesis.flatMap((event) => {
    const moment = faultMoment(event);
    return moment === undefined ? [] : [{ event, moment }];
  });
  return moments
    .filter(({ moment }) => moment.stage === "inject")
    .map(({ event, moment }) => ({
      kind: event.f,
      target: moment.target,
      from: event.time,
      to:
        moments.find((each) => each.moment.fault === moment.fault && each.moment.stage === "healed")?.event.time ??
        Infinity,
      elsewhere: moment.target.every(
        (name) => name.startsWith("w") && history.operations.every(({ invoke }) => invoke.worker !== name),
      ),
    }));
}

const isWorkerKill = ({ kind, target }: Struck): boolean =>
  kind === "kill" && target.every((name) => name.startsWith("w"));

/** The end of the last fault that acted in a time, or its beginning. */
function calm(history: History, from: number, to: number): number {
  const ends = faultsIn(history).map((fault) => ({ ...fault, end: isWorkerKill(fault) ? fault.from : fault.to }));
  return Math.max(
    from,
    ...ends.filter((fault) => !fault.elsewhere && fault.from <= to && fault.end >= from).map(({ end }) => end),
  );
}

interface Period {
  readonly from: number;
  to: number;
}

interface Consumer {
  readonly member: readonly Period[];
  readonly connected: readonly Period[];
  readonly disconnected: readonly Period[];
}

/** What a consumer is, and knows, on one channel; undefined where it never subscribed. */
export function consumerOf(history: History, worker: string, channel: string): Consumer | undefined {
  const own = history.operations.filter((each) => each.invoke.worker === worker && asked(each).channel === channel);
  const joins = own.filter((each) => each.f === "subscribe" && isOk(each));
  if (joins.length === 0) return undefined;
  const hasLeft = (consumer: string | undefined, before: number): boolean =>
    own.some((each) => each.f === "unsubscribe" && asked(each).consumer === consumer && each.invoke.index < before);
  const steps: { readonly at: number; readonly time: number; readonly what: string }[] = [];
  const step = (event: HistoryEvent | undefined, what: string): void => {
    if (event !== undefined) steps.push({ at: event.index, time: event.time, what });
  };
  for (const { f, invoke, completion } of own) {
    const { consumer, connected } = invoke.value as unknown as Parts;
    if (f === "subscribe" && completion?.type === "ok") step(completion, "join");
    if (f === "unsubscribe") step(invoke, "leave");
    if (f === "told" && connected === false && !hasLeft(consumer, invoke.index)) step(invoke, "lost");
    if (f === "told" && connected === true && !hasLeft(consumer, completion?.index ?? 0)) step(completion, "back");
    if (f === "deliver" && completion === undefined) step(invoke, "waits");
    if (f === "deliver" && completion !== undefined && completion.type !== "ok") step(completion, "lost");
  }
  for (const { kind, target, from } of faultsIn(history))
    if (kind === "kill" && target.includes(worker) && joins.some((each) => ended(each) < from))
      steps.push({
        at: (history.events.find(({ time }) => time >= from)?.index ?? Infinity) - 0.5,
        time: from,
        what: "leave",
      });
  const lists: { [name in keyof Consumer]: Period[] } = { member: [], connected: [], disconnected: [] };
  const isOpen = (name: keyof Consumer): boolean => lists[name].at(-1)?.to === Infinity;
  const close = (name: keyof Consumer, time: number): void => {
    const last = lists[name].at(-1);
    if (last?.to === Infinity) last.to = time;
  };
  const open = (name: keyof Consumer, time: number): void => {
    if (!isOpen(name)) lists[name].push({ from: time, to: Infinity });
  };
  for (const { time, what } of steps.sort((a, b) => a.at - b.at)) {
    if (what === "leave") close("member", time - SECOND);
    if (what !== "waits" || isOpen("connected")) {
      if (what !== "join") close("connected", time);
      if (what !== "waits" && what !== "lost") close("disconnected", time);
    }
    if (what === "lost") open("disconnected", time);
    if (what === "join") open("member", time);
    if (what === "join" || what === "back") open("connected", time);
  }
  return lists;
}

const inside = (periods: readonly Period[], from: number, to: number): Period | undefined =>
  periods.find((each) => each.from < from && to < each.to);

export function lossesOfConsumers(history: History): {
  disconnected: number;
  connected: number;
  clean: number;
  edge: number;
} {
  const counts = { disconnected: 0, connected: 0, clean: 0, edge: 0 };
  const loadEnd = phase(history, "heal");
  for (const worker of ["w2", "w3"]) {
    const touching = faultsIn(history).filter(
      ({ target }) => !target.every((name) => name.startsWith("w") && name !== worker),
    );
    for (const channel of ["a", "b"]) {
      const consumer = consumerOf(history, worker, channel);
      for (const sent of of(history, "publish")) {
        if (consumer === undefined || !isOk(sent) || ended(sent) > loadEnd || asked(sent).channel !== channel) continue;
        if (inside(consumer.member, began(sent), ended(sent)) === undefined) continue;
        const got = of(history, "deliver").some(
          (each) => isOk(each) && each.invoke.worker === worker && same(answered(each), asked(sent)),
        );
        if (got) continue;
        const until = ended(sent) + SECOND;
        const window = inside(consumer.connected, began(sent), until);
        if (inside(consumer.connected, began(sent), ended(sent)) !== undefined) counts.connected += 1;
        else if (inside(consumer.disconnected, began(sent), ended(sent)) !== undefined) counts.disconnected += 1;
        else counts.edge += 1;
        if (window !== undefined && !touching.some(({ from, to }) => from <= until && to >= window.from))
          counts.clean += 1;
      }
    }
  }
  return counts;
}

/** Refusals that nothing came after in time, and those that nobody can judge. */
export function refusedFor(
  history: History,
  audience: "each" | "group",
  boundMs: number,
): { late: number; open: number } {
  const end = phase(history, "final");
  const counts = { late: 0, open: 0 };
  for (const refusal of of(history, "ack").filter(({ completion }) => completion?.type === "fail")) {
    const isTo = (each: Operation): boolean =>
      same(asked(refusal), each.f === "ack" ? asked(each) : answered(each)) &&
      (audience === "group" || each.invoke.worker === refusal.invoke.worker);
    const again = of(history, "deliver")
      .filter((each) => isOk(each) && isTo(each) && (each.completion?.index ?? 0) > (refusal.completion?.index ?? 0))
      .sort((a, b) => (a.completion?.index ?? 0) - (b.completion?.index ?? 0))[0];
    const until = again === undefined ? end : ended(again);
    const isLate = until > calm(history, ended(refusal), until) + boundMs * MS;
    if (again !== undefined) {
      if (isLate) counts.late += 1;
      continue;
    }
    if (of(history, "ack").some((each) => each.completion?.type !== "fail" && isTo(each))) continue;
    const consumer = consumerOf(history, refusal.invoke.worker ?? "", asked(refusal).channel);
    const left =
      audience === "each" && consumer !== undefined && inside(consumer.member, ended(refusal), end) === undefined;
    if (isLate && !left) counts.late += 1;
    else counts.open += 1;
  }
  return counts;
}

export function misplaced(history: History, boundMs: number, earlyMs: number): { early: number; late: number } {
  const end = phase(history, "final");
  const counts = { early: 0, late: 0 };
  for (const sent of of(history, "publish")) {
    const { dueMs } = asked(sent);
    if (dueMs === undefined) continue;
    const first = of(history, "deliver")
      .filter((each) => isOk(each) && same(answered(each), asked(sent)))
      .sort((a, b) => (a.completion?.index ?? 0) - (b.completion?.index ?? 0))[0];
    if (first !== undefined && ended(first) < began(sent) + (dueMs - earlyMs) * MS) counts.early += 1;
    if (!isOk(sent)) continue;
    const due = ended(sent) + dueMs * MS;
    const came = first === undefined ? end : began(first);
    const looked = Math.max(due, first === undefined ? end : ended(first));
    if (came > Math.max(due, calm(history, began(sent), looked)) + boundMs * MS) counts.late += 1;
  }
  return counts;
}

export function effectsTwice(history: History): number {
  const made = new Map<string, Set<string>>();
  const add = ({ channel, message, delivery = "" }: Parts): void => {
    const key = JSON.stringify([channel, message]);
    made.set(key, (made.get(key) ?? new Set()).add(delivery));
  };
  const sent = new Set(of(history, "publish").map((each) => asked(each).channel));
  for (const channel of ["a", "b"].filter((each) => sent.size === 0 || sent.has(each))) {
    const last = of(history, "effects")
      .filter((each) => isOk(each) && asked(each).channel === channel)
      .sort((a, b) => (a.completion?.index ?? 0) - (b.completion?.index ?? 0))
      .at(-1);
    const { effects = [] } = (last?.completion?.value ?? {}) as unknown as { effects?: readonly Parts[] };
    for (const each of effects) add({ ...each, channel });
  }
  for (const each of of(history, "effect")) if (isOk(each)) add(asked(each));
  return [...made.values()].filter(({ size }) => size > 1).length;
}

export function moreThanCounted(history: History): number {
  return of(history, "publish").filter((sent) => {
    const { receivers } = isOk(sent) ? answered(sent) : { receivers: null };
    if (receivers === null || receivers === undefined) return false;
    if (faultsIn(history).some(({ from, to }) => from <= ended(sent) + SECOND && to >= began(sent) - SECOND))
      return false;
    const got = of(history, "deliver").filter((each) => isOk(each) && same(answered(each), asked(sent)));
    return new Set(got.map(({ invoke }) => invoke.worker)).size > receivers;
  }).length;
}

/** Deliveries beyond the first that no refusal has made right. */
export function deliveredAgain(history: History, audience: "each" | "group"): number {
  const right = new Map<string, number>();
  const steps = history.operations
    .filter(
      ({ f, completion }) =>
        (f === "deliver" && completion?.type === "ok") || (f === "ack" && completion?.type === "fail"),
    )
    .sort((a, b) => (a.completion?.index ?? 0) - (b.completion?.index ?? 0));
  let count = 0;
  for (const each of steps) {
    const { channel, message } = each.f === "ack" ? asked(each) : answered(each);
    const key = JSON.stringify([channel, message, audience === "each" ? each.invoke.worker : null]);
    if (each.f === "ack") right.set(key, (right.get(key) ?? 1) + 1);
    else if ((right.get(key) ?? 1) > 0) right.set(key, (right.get(key) ?? 1) - 1);
    else count += 1;
  }
  return count;
}
