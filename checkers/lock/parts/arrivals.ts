/** What arrived at the resource that a lock, or a leader, has to itself, by its own log. */
import type { History } from "../../../history/history.ts";
import type { Operation } from "../../../history/operation.ts";
import { textField } from "../../../history/vocabulary/read.ts";
import { logEntriesIn } from "../../../history/vocabulary/read-lock.ts";
import type { ReadLogEntry } from "../../../history/vocabulary/read-lock.ts";
import { counted } from "../../kit/words.ts";

/** Something that arrived at the resource; `seq` is the order of arrival. */
export interface Access extends ReadLogEntry {
  readonly key: string;
}

/** The last successful read of every key's log. */
export function logsOf(history: History): Map<string, Operation> {
  const logs = new Map<string, Operation>();
  for (const operation of history.operations) {
    const { completion } = operation;
    if (operation.f !== "log" || completion?.type !== "ok") continue;
    const key = textField(completion, "key");
    if ((logs.get(key)?.completion?.index ?? -1) < completion.index) logs.set(key, operation);
  }
  return logs;
}

export function entriesOf(key: string, log: Operation): Access[] {
  return logEntriesIn(log.completion ?? log.invoke).map((entry) => ({ key, ...entry }));
}

export function missingFrom(log: readonly Access[], observed: readonly Access[]): string[] {
  const logged = new Set(log.map(({ seq }) => seq));
  const missing = observed.filter(({ seq }) => !logged.has(seq));
  const [first] = missing;
  return first === undefined
    ? []
    : [`the log of ${first.key} lacks ${counted(missing.length, "access", "accesses")} that clients saw accepted`];
}

/** A write under a grant after which another one had used the resource since the first one's first access. */
export interface Return {
  readonly first: Access;
  readonly between: Access;
  readonly access: Access;
}

/** @param accesses those that were accepted, in the order of their arrival */
export function returnsIn(accesses: readonly Access[]): Return[] {
  const returns: Return[] = [];
  const firsts = new Map<string, Access>();
  /** The last access of all, and the last one under another grant than that. */
  let last: Access | undefined;
  let other: Access | undefined;
  for (const access of accesses) {
    const first = firsts.get(access.grant) ?? access;
    firsts.set(access.grant, first);
    const between = last?.grant === access.grant ? other : last;
    if (access.op === "write" && between !== undefined && between.seq > first.seq)
      returns.push({ first, between, access });
    if (last !== undefined && last.grant !== access.grant) other = last;
    last = access;
  }
  return returns;
}
