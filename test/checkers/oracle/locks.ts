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
  ttl: number | undefined;
  attemptAt: number;
  token: number | undefined;
  release: Operation | undefined;
  letGoAt: number;
}

type Value = { [key: string]: unknown };

function valueOf(operation: Operation, which: "invoke" | "completion"): Value {
  return (operation[which]?.value ?? {}) as Value;
}

/** The place of its completion; never answered ones are last. */
function answeredAt(operation: Operation): number {
  return operation.completion?.index ?? Number.MAX_SAFE_INTEGER;
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
        .sort((x, y) => answeredAt(x) - answeredAt(y))
        .reduce(
          (until, { completion: x }) => (x?.type === "ok" ? untilOf(x.time, x.value as Value) : until),
          untilOf(ok.time, value),
        ),
      says: value["says"] as string[] | undefined,
      ttl: value["ttlMs"] === undefined ? undefined : Number(value["ttlMs"]) * MS,
      attemptAt: Math.max(operation.invoke.time, ok.time - Number(value["attemptMs"] ?? Infinity) * MS),
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
    history.operations
      .filter((each) => each.f === f && valueOf(each, "invoke")["grant"] === held.id)
      .sort((x, y) => answeredAt(x) - answeredAt(y));
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
  const lastHeard = Math.max(held.okAt, ...affirmed);
  const unsignalled = unsignalledUntil(history, held, lastHeard);
  if (held.says?.some((voice) => voice !== "validUntil") === true && Math.max(lastHeard, unsignalled) < middle)
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
  return at >= (named ?? 0) || middle < Math.max(...confirmed, ...affirmed, Math.min(unsignalled, at));
}

/** Until when a library that can only signal, and was free to do so since it was last heard, had not. */
function unsignalledUntil(history: History, held: Held, lastHeard: number): number {
  if (held.says?.includes("signal") !== true || held.says.includes("isHeld")) return -Infinity;
  const lost = history.operations.find((each) => each.f === "lost" && valueOf(each, "invoke")["grant"] === held.id);
  if (lost === undefined) return -Infinity;
  const pause = faultTimes(history, `pause-${held.worker}`, "pause", held.worker);
  const isHeldUp = pause.from <= lost.invoke.time && pause.to >= lastHeard;
  return isHeldUp ? -Infinity : lost.invoke.time - MS;
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

/**
 * Grants that somebody got with a lesser token than another one's, whose lock was over before and who was told of it
 * while this one's was alive.
 */
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

/**
 * When a server can first have granted a lock: not while another had it that was granted before this one could have
 * been lost.
 */
function grantableAt(held: Held, helds: readonly Held[], robbers: readonly Deletion[]): number {
  const { ttl } = held;
  if (ttl === undefined) return held.attemptAt;
  const robbed = (time: number): number =>
    Math.min(
      Infinity,
      ...robbers.filter(({ a, to }) => a.key === held.key && to >= time).map(({ from }) => Math.max(from, time)),
    );
  const there = Math.min(held.attemptAt + ttl, robbed(held.attemptAt));
  const ends = helds
    .filter((other) => other.key === held.key && other.okIndex < held.okIndex && other.okAt < there)
    .map((other) => {
      const at = grantableAt(other, helds, robbers);
      return Math.min(
        other.release?.invoke.time ?? Infinity,
        other.ttl === undefined ? -Infinity : at + other.ttl,
        robbed(at),
      );
    });
  return Math.max(held.attemptAt, ...ends);
}

/** No sooner than then can a server have expired it. */
function firstExpiry(held: Held, helds: readonly Held[], robbers: readonly Deletion[] | undefined): number {
  if (held.ttl !== undefined)
    return (robbers === undefined ? held.attemptAt : grantableAt(held, helds, robbers)) + held.ttl;
  return held.validUntil === Infinity ? held.okAt : held.validUntil;
}

/** Whether every one can have one of its own: by trying, and making others give way. */
function allHaveOne<One, Other>(
  ones: readonly One[],
  others: readonly Other[],
  suits: (a: One, b: Other) => boolean,
): boolean {
  const owner = new Map<Other, One>();
  const find = (one: One, tried: Set<Other>): boolean => {
    for (const other of others) {
      if (tried.has(other) || !suits(one, other)) continue;
      tried.add(other);
      const before = owner.get(other);
      if (before !== undefined && !find(before, tried)) continue;
      owner.set(other, one);
      return true;
    }
    return false;
  };
  return ones.every((one) => find(one, new Set()));
}

/** Locks that a late release of a third client freed, at least and at most; undefined where the history cannot tell. */
export function freedByOthers(history: History): { readonly least: number; readonly most: number } | undefined {
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
  // From when on each can have run without finding its own lock, and not before that can have been freed by another of
  // them.
  const lateWith = (robbers: readonly Deletion[] | undefined): Deletion[] => {
    const since = new Map<Deletion, number>();
    for (const deletion of deletions) {
      const { a, from, to } = deletion;
      const isTold = a.validUntil < Infinity || a.ttl !== undefined;
      const gone = isTold ? Math.min(a.validUntil, firstExpiry(a, helds, robbers)) : Infinity;
      const hasSuccessor = helds.some(
        (other) => other.key === a.key && other.attemptAt > a.okAt && other.okIndex > a.okIndex && other.okAt < from,
      );
      if (hasSuccessor) since.set(deletion, from);
      else if (gone < Infinity && to >= gone) since.set(deletion, Math.max(from, gone));
    }
    for (let changed = true; changed;) {
      changed = false;
      for (const own of deletions)
        for (const other of deletions) {
          const time = Math.max(own.from, since.get(other) ?? Infinity);
          const can = other.a.key === own.a.key && other !== own && time <= own.to && other.to >= own.a.attemptAt;
          if (!can || time >= (since.get(own) ?? Infinity)) continue;
          since.set(own, time);
          changed = true;
        }
    }
    return [...since].map(([{ a, to }, from]) => ({ a, from, to }));
  };
  const robbers = lateWith(undefined);
  const late = lateWith(robbers);
  const isIn = (held: Held, now: number): boolean =>
    held.okAt <= now && now < Math.min(beliefEnd(history, held), firstExpiry(held, helds, robbers));
  const pairs = helds.flatMap((b) =>
    helds
      .filter((c) => c.key === b.key && c.okIndex > b.okIndex && isIn(b, c.okAt) && isIn(c, c.okAt))
      .map((c) => ({ b, c })),
  );
  const decided = pairs.filter(({ c }) => !moments.some((time) => time < c.okAt));
  const canLose = (robbed: Held, next: Held, { a, from, to }: Deletion): boolean =>
    a.key === robbed.key && a !== robbed && a !== next && from <= next.okAt && to >= robbed.attemptAt;
  const certain = decided.filter(({ b, c }) => c.attemptAt > b.okAt);
  const losers = [...new Set(certain.map(({ b }) => b))];
  const explained =
    allHaveOne(losers, late, (b, deletion) => certain.every((pair) => pair.b !== b || canLose(b, pair.c, deletion))) &&
    decided.every(({ b, c }) =>
      late.some((each) => canLose(b, c, each) || (c.attemptAt <= b.okAt && canLose(c, b, each))),
    );
  if (!explained) return undefined;
  if (decided.length === 0 && pairs.length > 0) return undefined;
  const either = decided.flatMap(({ b, c }) => [b, c]);
  return { least: Math.max(losers.length, Math.min(decided.length, 1)), most: new Set(either).size };
}

/**
 * Milliseconds between two grants in which the free lock was waited for: all such waits, counted millisecond by
 * millisecond.
 */
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

/**
 * The longest that one client waited for a free lock from one of its grants to the next, in milliseconds, of those
 * times in which others got it.
 */
export function longestPassedOver(history: History): number {
  const helds = heldLocks(history).sort((a, b) => a.okIndex - b.okIndex);
  const phases = history.nemesis.filter((event) => phaseOf(event) !== undefined);
  const from = phases.find((event) => phaseOf(event) === "load")?.time ?? 0;
  const to = phases.find((event) => phaseOf(event) === "heal")?.time ?? 0;
  let longest = 0;
  for (const key of ["a", "b"]) {
    const acquires = history.operations.filter((each) => each.f === "acquire" && each.invoke.value === key);
    const clients = [...new Set(acquires.map(({ invoke }) => invoke.worker))];
    if (clients.length < 2) continue;
    for (const client of clients) {
      const waits = (time: number): boolean =>
        acquires.some((each) => each.invoke.worker === client && isWaiting(history, each, time));
      let [free, passed] = [0, 0];
      for (let now = 0; now <= to; now += MS) {
        const middle = now + MS / 2;
        for (const { worker } of helds.filter((held) => held.key === key && held.okAt === now)) {
          if (worker !== client && now >= from && waits(middle)) passed += 1;
          if (worker !== client) continue;
          if (passed > 0) longest = Math.max(longest, free);
          [free, passed] = [0, 0];
        }
        if (middle < from || middle > to || !waits(middle)) continue;
        if (!helds.some((held) => held.key === key && isLive(history, held, middle, "completed"))) free += 1;
      }
      if (passed > 0) longest = Math.max(longest, free);
    }
  }
  return longest;
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
