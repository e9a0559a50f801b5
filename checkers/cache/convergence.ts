/**
 * Whether in the end every user has of every key what the store has: within a bound after the last write of the key
 * and the last heal. One finding for each user and key; a copy that stays wrong for ever is one, however many are
 * right.
 */
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf, isWorkerName } from "../kit/faults.ts";
import { phaseStart } from "../kit/phases.ts";
import { counted, duration, fromMs, milliseconds, moment } from "../kit/words.ts";
import type { Given } from "./claim.ts";
import type { KeyRecords, Look, Read } from "./records.ts";
import { named, observedIn } from "./words.ts";
import type { Observed } from "./words.ts";

type Ending =
  | { readonly kind: "right"; readonly wrongUntil: number }
  /** `right` is the first get that was right again; without it the copy stayed wrong. */
  | { readonly kind: "wrong"; readonly wrong: readonly [Read, ...Read[]]; readonly right: Read | undefined }
  | { readonly kind: "silent"; readonly tried: number }
  | { readonly kind: "open" };

/** A user's copy of a key, in the end. */
interface Copy {
  readonly key: string;
  readonly user: string;
  /** When everything was over that could keep it from being right. */
  readonly since: number;
  /** What the store has in the end. */
  readonly store: Look;
  readonly ending: Ending;
}

export function convergence({ history, keys, claim, tooSmall, figures }: Given): CheckResult {
  const bound = fromMs(claim.boundMs + claim.behindMs);
  const faults = faultsOf(history);
  const over = calm(history, faults);
  const stores = keys.map((records) => ({ records, store: storeInTheEnd(records, over) }));
  const unread = stores.filter(({ store }) => store === undefined).map(({ records }) => records.key);
  const copies = stores.flatMap(({ records, store }) =>
    store === undefined ? [] : copiesOf(records, store, Math.max(over, lastWrite(records), store.since), bound, faults),
  );
  const wrong = copies.filter(({ ending: { kind } }) => kind === "wrong" || kind === "silent");
  const open = copies.filter(({ ending: { kind } }) => kind === "open");
  const lasting = wrong.filter(({ ending }) => ending.kind === "wrong" && ending.right === undefined);
  const slowest = Math.max(
    0,
    ...copies.map(({ ending, since }) => (ending.kind === "right" ? ending.wrongUntil - since : 0)),
  );
  const observed = observedIn(history);
  const [firstOpen] = open;
  return conclude({
    history,
    findings: clearest(wrong, clearerFirst, (copy) => describe(copy, copies, bound, faults, observed)),
    count: wrong.length,
    broken: `${wrong.length} of ${counted(copies.length, "copy", "copies")} ${wrong.length === 1 ? "was" : "were"} not right ${duration(bound)} after the last write and the last heal; ${lasting.length === 0 ? "none" : lasting.length} of them stayed wrong to the end.`,
    vacuous:
      tooSmall ?? (copies.length === 0 && unread.length === 0 ? "No user asked for a key in the end." : undefined),
    unknown:
      unread.length > 0
        ? `No look at the store in the end found out what ${unread[0]} has${unread.length === 1 ? "" : `, nor ${unread.length - 1} others`}.`
        : firstOpen === undefined
          ? undefined
          : `${firstOpen.user} did not ask for ${firstOpen.key} later than ${duration(bound)} after the last write and the last heal, so nobody knows what it would have got.`,
    holds: `All of ${counted(copies.length, "copy", "copies")} had what the store has, ${slowest === 0 ? "at once" : `within ${duration(slowest)}`} after the last write and the last heal; the bound is ${duration(bound)}.`,
    figures: {
      ...figures,
      copies: copies.length,
      wrong: wrong.length,
      "wrong to the end": lasting.length,
      "slowest right ms": milliseconds(slowest),
    },
  });
}

/** When the load had ended and the last fault had healed. */
function calm(history: History, faults: ReadonlyMap<string, FaultRecord>): number {
  const healed = [...faults.values()].map(({ to }) => to).filter((to) => to !== Infinity);
  return Math.max(phaseStart(history, "heal") ?? 0, ...healed);
}

function lastWrite({ inOrder }: KeyRecords): number {
  return Math.max(
    0,
    ...inOrder
      .slice(-1)
      .map(({ operation, told }) =>
        Math.max(operation.completion?.time ?? operation.invoke.time, told === Infinity ? 0 : told),
      ),
  );
}

interface StoreInTheEnd extends Look {
  /** Since it was seen to be so. */
  readonly since: number;
}

/**
 * Undefined where nobody looked after all writes and faults, or found what nobody wrote.
 * @param over when the load had ended and the last fault had healed
 */
function storeInTheEnd(records: KeyRecords, over: number): StoreInTheEnd | undefined {
  const { looks } = records;
  const last = looks.at(-1);
  if (last?.version === undefined || last.from < Math.max(over, lastWrite(records))) return undefined;
  let since = last.to;
  for (let i = looks.length - 1; i >= 0 && looks[i]?.version === last.version; i -= 1) since = looks[i]?.to ?? since;
  return { ...last, since };
}

function copiesOf(
  { key, writes, reads, tried }: KeyRecords,
  store: Look,
  since: number,
  bound: number,
  faults: ReadonlyMap<string, FaultRecord>,
): Copy[] {
  return [...tried].flatMap(([user, attempts]) => {
    // It has nothing in the end.
    if (isGone(user, faults)) return [];
    const later = (reads.get(user) ?? []).filter(({ from }) => from >= since);
    const judged = later.filter(({ from }) => from >= since + bound);
    const isWrong = ({ version, text, to }: Read): boolean => {
      if (text !== undefined) return true;
      if (version === undefined || version === store.version) return false;
      // A write that nobody knows to have failed may be carried out after the last look at the store.
      return !(to > store.from && writes.get(version)?.outcome === "info");
    };
    const wrong = judged.filter(isWrong);
    const [first, ...others] = wrong;
    const asked = attempts.filter(({ invoke }) => invoke.time >= since + bound).length;
    const lastWrong = later.findLast(isWrong);
    const ending: Ending =
      first !== undefined
        ? {
            kind: "wrong",
            wrong: [first, ...others],
            right: judged.find(({ from }) => from > (wrong.at(-1)?.from ?? Infinity)),
          }
        : judged.length > 0
          ? { kind: "right", wrongUntil: lastWrong?.to ?? since }
          : asked > 0
            ? { kind: "silent", tried: asked }
            : { kind: "open" };
    return [{ key, user, since, store, ending }];
  });
}

function isGone(user: string, faults: ReadonlyMap<string, FaultRecord>): boolean {
  return [...faults.values()].some(
    ({ kind, target, from }) =>
      (kind === "kill" || kind === "shutdown") && from !== Infinity && isWorkerName(user) && target.includes(user),
  );
}

const ORDER = ["wrong", "silent", "open", "right"] as const;

function clearerFirst(a: Copy, b: Copy): number {
  const stays = ({ ending }: Copy): number => (ending.kind === "wrong" && ending.right === undefined ? 0 : 1);
  return stays(a) - stays(b) || ORDER.indexOf(a.ending.kind) - ORDER.indexOf(b.ending.kind) || a.since - b.since;
}

function describe(
  { key, user, since, store, ending }: Copy,
  copies: readonly Copy[],
  bound: number,
  faults: ReadonlyMap<string, FaultRecord>,
  observed: Observed,
): Finding {
  const others = copies.filter((copy) => copy.key === key && copy.user !== user && copy.ending.kind === "right");
  const beside =
    others.length === 0 ? "" : ` while ${others.map((copy) => copy.user).join(" and ")} had what the store has`;
  const told = `which was ${duration(bound)} after the last write of the key and the last heal`;
  if (ending.kind !== "wrong") {
    return {
      kind: "silent",
      sentence: `${user} got no answer for ${key} any more: ${counted(ending.kind === "silent" ? ending.tried : 0, "get")} from ${moment(since + bound)} on, ${told}, and none was answered${beside}${observed(since + bound)}.`,
      events: evidence([store.operation.invoke, store.operation.completion]),
    };
  }
  const { wrong, right } = ending;
  const [first] = wrong;
  const last = wrong.at(-1) ?? first;
  const fresh = last.fresh === true ? ", and its cache said that it was fresh" : "";
  const end =
    right === undefined
      ? `to the end (${counted(wrong.length, "get")}, the last one at ${moment(last.to)})`
      : `until it was right at ${moment(right.to)}`;
  return {
    kind: right === undefined ? "stale-for-ever" : "late",
    sentence: `${user} got ${named(first)} of ${key} from ${moment(first.to)}, ${told}, ${end}; the store had ${named(store)}${beside}${fresh}${observed(last.from)}${alongside(faults, 0, last.to, [user])}.`,
    events: evidence([
      first.operation.invoke,
      first.operation.completion,
      last.operation.invoke,
      last.operation.completion,
      right?.operation.invoke,
      right?.operation.completion,
      store.operation.invoke,
      store.operation.completion,
    ]),
  };
}
