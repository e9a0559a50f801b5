/** The definitions of the lock checkers, written down one by one and without any cleverness. */
import type { History } from "../../../history/history.ts";
import type { FaultMoment } from "../../../history/nemesis-event.ts";
import { faultMoment, phaseOf } from "../../../history/nemesis-event.ts";
import type { Operation } from "../../../history/operation.ts";
import { MS } from "../history-of.ts";

interface Held {
  id: string;
  key: string;
  worker: string;
  process: number;
  askedAt: number;
  okAt: number;
  okIndex: number;
  /** As it was named at the grant, and by the last extension. */
  validAtFirst: number;
  validUntil: number;
  says: string[] | undefined;
  token: number | undefined;
  release: Operation | undefined;
  letGoAt: number;
}

type Value = { [key: string]: unknown };

function valueOf(operation: Operation, which: "invoke" | "completion"): Value {
  return (operation[which]?.value ?? {}) as Value;
}

function untilOf(time: number, value: Value): number {
  return value["validForMs"] === undefined ? Infinity : time + Number(value["validForMs"]) * MS;
}

function heldLocks(history: History): Held[] {
  const helds: Held[] = [];
  for (const operation of history.operations) {
    const ok = operation.completion;
    if (operation.f !== "acquire" || ok?.type !== "ok") continue;
    const value = ok.value as Value;
    const release = history.operations.find(
      (other) => other.f === "release" && valueOf(other, "invoke")["grant"] === value["grant"],
    );
    let letGoAt = ok.time;
    if (release !== undefined) letGoAt = release.invoke.time;
    else {
      for (const event of history.events)
        if (event.process === operation.process) letGoAt = Math.max(letGoAt, event.time);
      for (const other of history.operations) {
        const names =
          ["read", "write", "extend"].includes(other.f) && valueOf(other, "invoke")["grant"] === value["grant"];
        if (names) letGoAt = Math.max(letGoAt, (other.completion ?? other.invoke).time);
      }
      for (const other of history.operations) {
        const again =
          other.f === "acquire" && other.process === operation.process && other.invoke.value === value["key"];
        if (again && other.invoke.index > ok.index) letGoAt = Math.min(letGoAt, other.invoke.time);
      }
    }
    helds.push({
      id: String(value["grant"]),
      key: String(value["key"]),
      worker: ok.worker ?? "",
      process: operation.process,
      askedAt: operation.invoke.time,
      okAt: ok.time,
      okIndex: ok.index,
      validAtFirst: untilOf(ok.time, value),
      validUntil: history.operations
        .filter((each) => each.f === "extend" && valueOf(each, "invoke")["grant"] === value["grant"])
        .reduce(
          (until, { completion: x }) => (x?.type === "ok" ? untilOf(x.time, x.value as Value) : until),
          untilOf(ok.time, value),
        ),
      says: value["says"] as string[] | undefined,
      token: value["token"] as number | undefined,
      release,
      letGoAt,
    });
  }
  return helds;
}

/** Whether the client's own library still vouches for the lock in the middle of a millisecond, by what is on record. */
function isBelieved(history: History, held: Held, middle: number): boolean {
  if (middle < held.okAt || middle > held.letGoAt) return false;
  const of = (f: string): Operation[] =>
    history.operations.filter((each) => each.f === f && valueOf(each, "invoke")["grant"] === held.id);
  const extensions = of("extend").filter(({ completion }) => (completion?.time ?? Infinity) < middle);
  if (extensions.some(({ completion }) => completion?.type !== "ok")) return false;
  const beliefs = of("belief").filter(({ completion }) => completion?.type === "ok");
  const takenBack = [...beliefs, ...of("write")]
    .filter((each) => valueOf(each, each.f === "belief" ? "completion" : "invoke")["held"] === false)
    .sort((x, y) => x.invoke.index - y.invoke.index)[0];
  const affirmed = beliefs
    .filter((each) => valueOf(each, "completion")["held"] === true)
    .filter((each) => takenBack === undefined || each.invoke.index < takenBack.invoke.index)
    .map(({ invoke }) => invoke.time);
  const words = [{ at: held.okAt, until: held.validAtFirst }];
  for (const { completion } of extensions)
    words.push({ at: completion?.time ?? 0, until: untilOf(completion?.time ?? 0, completion?.value as Value) });
  if ((words.at(-1)?.until ?? 0) < middle) return false;
  if (held.says?.some((voice) => voice !== "validUntil") === true && Math.max(held.okAt, ...affirmed) < middle)
    return false;
  if (takenBack === undefined) return true;
  const at = takenBack.f === "belief" ? (takenBack.completion?.time ?? 0) : takenBack.invoke.time;
  if (middle > at) return false;
  // It may have changed its mind as soon as it had last said something else.
  const confirmed = [
    held.okAt,
    ...of("extend").flatMap(({ completion: x }) => (x !== undefined && x.type === "ok" && x.time <= at ? x.time : [])),
  ];
  const named = [
    held.validAtFirst,
    ...of("extend").flatMap(({ completion: x }) =>
      x !== undefined && x.type === "ok" && x.time <= at ? untilOf(x.time, x.value as Value) : [],
    ),
  ].at(-1);
  return at >= (named ?? 0) || middle < Math.max(...confirmed, ...affirmed);
}

/** The spans in which it is believed, by milliseconds. */
function believedSpans(history: History, held: Held): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  const last = history.events.at(-1)?.time ?? 0;
  for (let now = held.okAt; now < last; now += MS) {
    if (!isBelieved(history, held, now + MS / 2)) continue;
    const before = spans.at(-1);
    if (before?.to === now) before.to = now + MS;
    else spans.push({ from: now, to: now + MS });
  }
  return spans;
}

/** The end of the first time for which the client's own library vouched for the lock. */
function beliefEnd(history: History, held: Held): number {
  const [first] = believedSpans(history, held);
  return first?.from === held.okAt ? first.to : held.okAt;
}

/** How many holds began while as many others of the key lasted as there may be. */
export function overlapCount(history: History, level: "grant" | "belief", since = -Infinity, limit = 1): number {
  const holds = heldLocks(history).flatMap((held) => {
    const spans = level === "grant" ? [{ from: held.okAt, to: held.letGoAt }] : believedSpans(history, held);
    return spans.map((span) => ({ ...span, key: held.key, index: held.okIndex }));
  });
  return holds.filter((b) => {
    const before = holds.filter(
      (a) =>
        a.key === b.key &&
        a !== b &&
        (a.from < b.from || (a.from === b.from && a.index < b.index)) &&
        Math.min(a.to, b.to) > b.from,
    );
    return b.from > since && before.length >= limit;
  }).length;
}

export function tokenViolations(history: History): number {
  const helds = heldLocks(history);
  const fenced = helds.filter(({ token }) => token !== undefined);
  if (fenced.length === 0) return 0;
  let count = helds.length - fenced.length;
  for (const b of fenced) {
    const others = fenced.filter((a) => a !== b && a.key === b.key);
    if (others.some((a) => a.okAt < b.askedAt && (a.token ?? 0) > (b.token ?? 0))) count += 1;
    if (others.some((a) => a.okIndex < b.okIndex && a.token === b.token)) count += 1;
  }
  return count;
}

/** Grants that somebody got with a lesser token than another one's, whose lock was over before and who was told of it while this one's was alive. */
export function tokenInversions(history: History): number {
  const helds = heldLocks(history);
  const timed = helds.map((held) => {
    const ok = history.events[held.okIndex]?.value as Value;
    const attempt = Number(ok["attemptMs"]) * MS;
    return { ...held, ttl: Number(ok["ttlMs"]) * MS, attemptAt: Math.max(held.askedAt, held.okAt - attempt) };
  });
  return timed.filter((b) =>
    timed.some(
      (a) =>
        a.key === b.key &&
        a.okIndex > b.okIndex &&
        a.okAt < b.attemptAt + b.ttl &&
        (b.release === undefined || a.okAt < b.release.invoke.time) &&
        a.attemptAt + a.ttl <= b.okAt &&
        timed.every(
          (c) =>
            c === a ||
            c === b ||
            c.release === undefined ||
            c.release.invoke.time > a.okAt ||
            (c.release.completion?.type === "ok" && c.release.completion.time < b.attemptAt),
        ) &&
        Number(a.token) > Number(b.token),
    ),
  ).length;
}

interface Entry {
  seq: number;
  op: string;
  grant: string;
  value: unknown;
  accepted: boolean;
}

/** Violations at the resource by kind, from the logs, or where they were not read from what clients saw. */
export function resourceViolations(history: History): { [kind: string]: number } {
  const granted = new Set(heldLocks(history).map(({ id }) => id));
  const counts = { "stale-write": 0, "lost-update": 0, "lost-count": 0, "write-without-grant": 0 };
  for (const key of ["a", "b"]) {
    const log = history.operations.find((operation) => operation.f === "log" && operation.invoke.value === key);
    let entries: Entry[] = [];
    if (log !== undefined) entries = (valueOf(log, "completion")["entries"] ?? []) as Entry[];
    else {
      for (const operation of history.operations) {
        const value = valueOf(operation, "completion");
        if (
          (operation.f !== "read" && operation.f !== "write") ||
          operation.completion?.type !== "ok" ||
          value["key"] !== key
        )
          continue;
        entries.push({ ...(value as unknown as Entry), op: operation.f, accepted: true });
      }
    }
    const accepted = entries.filter((entry) => entry.accepted).sort((a, b) => a.seq - b.seq);
    const writes = accepted.filter(({ op }) => op === "write");
    const baseOf = (write: Entry): Entry | undefined => {
      const own = accepted.filter(({ grant, seq }) => grant === write.grant && seq < write.seq).at(-1);
      return own?.op === "read" ? own : undefined;
    };
    const madeBy = (read: Entry): number => writes.filter(({ seq }) => seq < read.seq).at(-1)?.seq ?? 0;
    const sameState = (a: Entry | undefined, b: Entry): boolean =>
      a !== undefined && a.value === b.value && madeBy(a) === madeBy(b);
    for (const write of writes) {
      const first = accepted.find(({ grant }) => grant === write.grant)?.seq ?? 0;
      if (accepted.some(({ grant, seq }) => grant !== write.grant && seq > first && seq < write.seq))
        counts["stale-write"] += 1;
      const base = baseOf(write);
      const rival = writes.some(
        (other) =>
          other.grant !== write.grant && other.seq < write.seq && base !== undefined && sameState(baseOf(other), base),
      );
      if (rival) counts["lost-update"] += 1;
      if (!granted.has(write.grant)) counts["write-without-grant"] += 1;
    }
    const distinct = new Set(writes.map(({ grant, value }) => `${grant} ${String(value)}`)).size;
    if (log !== undefined && writes.length > 0 && Number(writes.at(-1)?.value) < distinct) counts["lost-count"] += 1;
  }
  return counts;
}

/** Accepted writes, of the logs, that were sent after a later grant of the same key than their own. */
export function supersededWrites(history: History): number {
  const helds = heldLocks(history);
  const writes = history.operations.filter(({ f }) => f === "write");
  const sentAt = ({ seq, grant, value }: Entry, key: string): number | undefined => {
    const known = writes.filter(
      (write) => write.completion?.type === "ok" && valueOf(write, "completion")["seq"] === seq,
    );
    const possible = writes.filter(
      (write) =>
        write.completion?.type !== "ok" &&
        valueOf(write, "invoke")["grant"] === grant &&
        valueOf(write, "invoke")["value"] === value,
    );
    return [...known.filter((write) => valueOf(write, "invoke")["key"] === key), ...possible][0]?.invoke.time;
  };
  return history.operations
    .filter(({ f }) => f === "log")
    .flatMap((log) => {
      const key = log.invoke.value as string;
      const entries = (valueOf(log, "completion")["entries"] ?? []) as Entry[];
      return entries.filter((entry) => {
        const sent = sentAt(entry, key);
        const own = helds.find(({ id }) => id === entry.grant);
        if (!entry.accepted || entry.op !== "write" || sent === undefined || own === undefined) return false;
        return helds.some((next) => next.key === key && next.okAt > own.okAt && next.okAt < sent);
      });
    }).length;
}

interface Deletion {
  a: Held;
  from: number;
  to: number;
}

/** Locks that a late release of a third client freed; undefined where the history cannot tell. */
export function freedByOthers(history: History): number | undefined {
  const helds = heldLocks(history);
  const moments = history.nemesis.flatMap((event) => {
    const moment = faultMoment(event);
    return moment?.stage === "inject" && moment.target.some((name) => name.startsWith("n")) ? [event.time] : [];
  });
  const deletions = helds.flatMap((a): Deletion[] => {
    const completion = a.release?.completion;
    if (a.release === undefined || completion?.type === "fail") return [];
    if (completion?.type === "ok" && (completion.value as Value)["freed"] === false) return [];
    return [{ a, from: a.release.invoke.time, to: completion?.type === "ok" ? completion.time : Infinity }];
  });
  // From when on each can have run without finding its own lock; Infinity: never.
  const lateByThemselves = deletions.flatMap((deletion): Deletion[] => {
    const { a, from, to } = deletion;
    const next = helds.filter((other) => other.key === a.key && other.okIndex > a.okIndex);
    if (next.some((other) => other.okAt < from)) return [deletion];
    return a.validUntil < Infinity && to >= a.validUntil ? [{ a, from: Math.max(from, a.validUntil), to }] : [];
  });
  // Each own lock can have been freed by any of those, or of those that come of them, at any later time.
  const earliest = new Map(deletions.map(({ a }) => [a, Infinity]));
  for (const { a, from } of lateByThemselves) earliest.set(a, from);
  for (let changed = true; changed;) {
    changed = false;
    for (const own of deletions)
      for (const other of deletions) {
        const since = Math.max(own.from, earliest.get(other.a) ?? Infinity);
        const can = other.a.key === own.a.key && other !== own && since <= own.to && other.to >= own.a.askedAt;
        if (!can || since >= (earliest.get(own.a) ?? Infinity)) continue;
        earliest.set(own.a, since);
        changed = true;
      }
  }
  const lateAtAll = deletions
    .map(({ a, to }) => ({ a, from: earliest.get(a) ?? Infinity, to }))
    .filter(({ from }) => from < Infinity);
  const victims = new Set<Held>();
  let [unexplained, undecided] = [0, 0];
  for (const c of helds) {
    if (beliefEnd(history, c) <= c.okAt) continue;
    const live = helds.filter((b) => b.key === c.key && b.okIndex < c.okIndex && beliefEnd(history, b) > c.okAt);
    if (live.length === 0) continue;
    const robbedBy = (late: readonly Deletion[]): Held[] => {
      const freedBetween = (askedAt: number, okAt: number, b: Held): boolean =>
        late.some(({ a, from, to }) => a !== b && a !== c && a.key === c.key && from <= okAt && to >= askedAt);
      return live.flatMap((b) => {
        if (freedBetween(b.askedAt, c.okAt, b)) return [b];
        return c.askedAt < b.okAt && freedBetween(c.askedAt, b.okAt, b) ? [c] : [];
      });
    };
    const byLate = robbedBy(lateByThemselves);
    const robbed = byLate.length > 0 ? byLate : robbedBy(lateAtAll);
    if (moments.some((time) => time < c.okAt)) undecided += 1;
    else if (robbed.length > 0) for (const b of robbed) victims.add(b);
    else unexplained += 1;
  }
  if (unexplained > 0) return undefined;
  return victims.size === 0 && undecided > 0 ? undefined : victims.size;
}

/** Milliseconds between two grants in which the free lock was waited for: all such waits, counted millisecond by millisecond. */
export function freeWaits(
  history: History,
  afterFault?: string,
  untilRelease = "completed",
  holdAtMostMs = Infinity,
): number[] {
  const helds = heldLocks(history);
  const phases = history.nemesis.filter((event) => phaseOf(event) !== undefined);
  let from = phases.find((event) => phaseOf(event) === "load")?.time ?? 0;
  const to = phases.find((event) => phaseOf(event) === "heal")?.time ?? 0;
  if (afterFault !== undefined) from = Math.max(from, faultTimes(history, afterFault, "", "").from);
  const waits: number[] = [];
  for (const key of ["a", "b"]) {
    let waited = 0;
    for (let now = 0; now <= to; now += MS) {
      if (helds.some((held) => held.key === key && held.okAt === now)) {
        if (waited > 0) waits.push(waited);
        waited = 0;
      }
      const middle = now + MS / 2;
      if (middle < from || middle > to) continue;
      const free = !helds.some(
        (held) =>
          held.key === key && middle <= held.okAt + holdAtMostMs * MS && isLive(history, held, middle, untilRelease),
      );
      const wanted = history.operations.some(
        (operation) =>
          operation.f === "acquire" && operation.invoke.value === key && isWaiting(history, operation, middle),
      );
      if (free && wanted) waited += 1;
    }
    if (waited > 0) waits.push(waited);
  }
  return waits;
}

function isLive(history: History, held: Held, now: number, untilRelease: string): boolean {
  const end = (untilRelease === "completed" ? held.release?.completion?.time : undefined) ?? held.letGoAt;
  if (now < held.okAt || now > end) return false;
  // Once it is past its validity in a pause, it has lost the lock for good.
  for (let then = held.okAt + MS / 2; then <= now; then += MS) {
    if (then > held.validUntil && isPaused(history, held.worker, then)) return false;
  }
  return true;
}

function isWaiting(history: History, { invoke, completion }: Operation, now: number): boolean {
  if (now < invoke.time || now > (completion?.time ?? Infinity)) return false;
  if (completion === undefined) {
    const killed = faultTimes(history, "kill", "kill", invoke.worker ?? "");
    if (killed.from >= invoke.time && killed.from < now) return false;
  }
  return !isPaused(history, invoke.worker ?? "", now);
}

function isPaused(history: History, worker: string, now: number): boolean {
  const { from, to } = faultTimes(history, `pause-${worker}`, "pause", worker);
  return from < now && now < to;
}

function faultTimes(history: History, id: string, kind: string, worker: string): { from: number; to: number } {
  const times = { from: Infinity, to: Infinity };
  for (const event of history.nemesis) {
    const moment: FaultMoment | undefined = faultMoment(event);
    if (moment?.fault !== id || (kind !== "" && (event.f !== kind || !moment.target.includes(worker)))) continue;
    if (moment.stage === "inject") times.from = event.time;
    if (moment.stage === "healed") times.to = event.time;
  }
  return times;
}
