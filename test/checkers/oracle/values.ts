/** The definitions of the checkers of sets, registers and availability, written down without any cleverness. */
import type { History } from "../../../history/history.ts";
import { faultMoment, phaseOf } from "../../../history/nemesis-event.ts";
import type { Operation } from "../../../history/operation.ts";
import { MS } from "../history-of.ts";

type Pair = readonly [string, unknown];

const asked = ({ invoke }: Operation): Pair => invoke.value as unknown as Pair;
const answered = ({ completion }: Operation): Pair => completion?.value as unknown as Pair;
const isOk = ({ completion }: Operation): boolean => completion?.type === "ok";

function named(history: History, f: string, type?: string): Operation[] {
  return history.operations.filter(
    (operation) => operation.f === f && (type === undefined || operation.completion?.type === type),
  );
}

function finalRead(history: History, key: string): Operation | undefined {
  const final = history.nemesis.find((event) => phaseOf(event) === "final")?.index ?? Infinity;
  return named(history, "read", "ok")
    .filter((read) => answered(read)[0] === key && read.invoke.index > final)
    .sort((a, b) => (a.completion?.index ?? 0) - (b.completion?.index ?? 0))
    .at(-1);
}

export const setOracle = {
  "acknowledged-survive": (history: History): number =>
    named(history, "add", "ok").filter((add) => {
      const read = finalRead(history, asked(add)[0]);
      if (read === undefined || (add.completion?.time ?? 0) >= read.invoke.time) return false;
      return !(answered(read)[1] as unknown[]).includes(asked(add)[1]);
    }).length,
  "refused-absent": (history: History): number =>
    named(history, "add", "fail").filter((add) =>
      named(history, "read", "ok").some(
        (read) => answered(read)[0] === asked(add)[0] && (answered(read)[1] as unknown[]).includes(asked(add)[1]),
      ),
    ).length,
  "no-phantom": (history: History): number => {
    const phantoms = new Set<string>();
    for (const read of named(history, "read", "ok")) {
      for (const element of answered(read)[1] as unknown[]) {
        const known = named(history, "add").some(
          (add) =>
            asked(add)[0] === answered(read)[0] &&
            asked(add)[1] === element &&
            add.invoke.time <= (read.completion?.time ?? 0),
        );
        if (!known) phantoms.add(`${answered(read)[0]} ${String(element)}`);
      }
    }
    return phantoms.size;
  },
};

function isPhantom(history: History, read: Operation): boolean {
  const [key, value] = answered(read);
  if (value === null) return false;
  return !named(history, "write").some(
    (write) =>
      asked(write)[0] === key && asked(write)[1] === value && write.invoke.time <= (read.completion?.time ?? 0),
  );
}

const older = (read: Operation, write: Operation): boolean => {
  const value = answered(read)[1];
  return value === null || (value as number) < (asked(write)[1] as number);
};

export const registerOracle = {
  "acknowledged-survive": (history: History): number => {
    const lost = named(history, "write", "ok").filter((write) => {
      const read = finalRead(history, asked(write)[0]);
      return read !== undefined && (write.completion?.time ?? 0) < read.invoke.time && older(read, write);
    });
    const finals = ["x", "y"].flatMap((key) => finalRead(history, key) ?? []);
    return lost.length + finals.filter((read) => isPhantom(history, read)).length;
  },
  "no-stale-read": (history: History): number => {
    const reads = named(history, "read", "ok");
    const stale = reads.filter((read) =>
      named(history, "write", "ok").some(
        (write) =>
          asked(write)[0] === answered(read)[0] &&
          (write.completion?.time ?? 0) < read.invoke.time &&
          older(read, write),
      ),
    );
    return stale.length + reads.filter((read) => isPhantom(history, read)).length;
  },
  "refused-absent": (history: History): number =>
    named(history, "write", "fail").filter((write) =>
      named(history, "read", "ok").some(
        (read) => answered(read)[0] === asked(write)[0] && answered(read)[1] === asked(write)[1],
      ),
    ).length,
};

function momentOf(history: History, stage: string): number | undefined {
  return history.nemesis.find((event) => faultMoment(event)?.stage === stage)?.time;
}

/**
 * Lengths of all outages in milliseconds: stretches between two successes, from the first half-millisecond in which
 * somebody tries.
 */
export function outages(history: History, f: readonly string[]): number[] {
  const from = momentOf(history, "inject");
  const to = history.nemesis.find((event) => phaseOf(event) === "heal")?.time ?? 0;
  if (from === undefined) return [];
  const tries = history.operations.filter((operation) => f.includes(operation.f));
  const successes = tries.filter(isOk).map(({ completion }) => completion?.time ?? 0);
  const lengths: number[] = [];
  let begun: number | undefined;
  for (let now = from; now < to; now += MS / 2) {
    if (successes.includes(now) && now > from) {
      if (begun !== undefined) lengths.push((now - begun) / MS);
      begun = undefined;
    }
    const next = Math.min(...successes.filter((time) => time > now), to);
    const last = Math.max(...successes.filter((time) => time <= now), from);
    // Open at some moment of [now, now + ½ ms), and not over with the last success.
    const trying = tries.some(({ invoke, completion }) => {
      const end = completion?.time ?? Infinity;
      return invoke.time < Math.min(next, now + MS / 2) && end > last && (end > now || invoke.time >= now);
    });
    if (trying) begun ??= now;
  }
  if (begun !== undefined) lengths.push((to - begun) / MS);
  return lengths.filter((length) => length > 0);
}

/** Operations that `n1` acknowledged although it had been cut off for long enough. */
export function lateAcknowledgements(history: History, f: readonly string[], afterMs: number): number {
  const active = momentOf(history, "active");
  const heal = momentOf(history, "heal") ?? history.nemesis.find((event) => phaseOf(event) === "heal")?.time ?? 0;
  if (active === undefined) return 0;
  return history.operations.filter(
    ({ f: name, invoke, completion }) =>
      f.includes(name) &&
      completion?.type === "ok" &&
      completion.node === "n1" &&
      invoke.time >= active + afterMs * MS &&
      completion.time <= heal &&
      completion.time > active,
  ).length;
}
