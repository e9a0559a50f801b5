/**
 * What reached the resource that a lock protects, in the order of arrival: the only place where a broken lock does
 * harm.
 *
 * Four things prove harm: a write under a grant after another grant had used the resource since the first one's start
 * (`stale-write`), two writes that follow reads of the same value (`lost-update`), a counter below the number of its
 * writes (`lost-count`), and a write under a grant that nobody ever got (`write-without-grant`). A fifth one is of the
 * lock more than of the resource, and looked for where it is asked for: a write that was sent after another client had
 * been granted the lock (`superseded-write`). One pass over the log: O(n log n) for its order.
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { Json, Operation } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { clearest, conclude, notAbout } from "../kit/conclude.ts";
import { fieldOf, numberIn, optionalNumberField, textField, textIn } from "../../history/vocabulary/read.ts";
import { grantIn } from "../../history/vocabulary/read-lock.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import type { Access } from "./parts/arrivals.ts";
import { entriesOf, logsOf, missingFrom, returnsIn } from "./parts/arrivals.ts";
import { attemptsSaid, outlasted } from "./parts/attempt.ts";
import type { Said } from "./parts/belief.ts";
import { librarySaid, validitySaid } from "./parts/belief.ts";
import type { Grant } from "./parts/grants.ts";
import { grantsOf } from "./parts/grants.ts";
import { neverRefreshed } from "./parts/refresh.ts";
import { counted, moment, tooFew, who } from "../kit/words.ts";

const OPTIONS = z.strictObject({
  minGrants: z
    .int()
    .min(1)
    .default(2)
    .describe("Fewer grants than this that used the resource, and the test was too small"),
  since: z
    .enum(["use", "grant"])
    .default("use")
    .describe(
      "From when on the next grant makes a write of the former one stale: from its first use of the resource, or as soon as it is granted, too",
    ),
  refreshed: z
    .boolean()
    .default(false)
    .describe("The claim is about what libraries do by themselves to keep a lock alive"),
  fenced: z.boolean().default(false).describe("The claim is about fencing tokens: without any, nothing was tested"),
});

interface Violation {
  readonly kind: "stale-write" | "lost-update" | "superseded-write" | "lost-count" | "write-without-grant";
  /** The access that completes the violation. */
  readonly at: Access;
  /** All accesses that prove it, in the order of arrival. */
  readonly accesses: readonly Access[];
  /** Grants that prove it, too, and are not those of the accesses. */
  readonly grants?: readonly Grant[];
  readonly tell: (context: Context) => string;
}

/** What sentences need besides the accesses. */
interface Context {
  readonly grants: ReadonlyMap<string, Grant>;
  readonly logs: ReadonlyMap<string, Operation>;
  readonly faults: ReadonlyMap<string, FaultRecord>;
  operationOf(access: Access): Operation | undefined;
}

/**
 * Counts the writes that should not have been accepted, and the keys whose counter lost writes; one write may be both a
 * stale write and a lost update.
 */
export const lockResource = checkerOf({
  name: "lock-resource",
  options: OPTIONS,
  exercise: () => ({ f: ["write"], end: "succeeded", until: "load", byNewHolders: true }),
  lock: ({ fenced }) => ({ level: "resource", ...(fenced === true ? {} : { asksHolders: true }) }),
  check,
});

function check(history: History, { minGrants, fenced, since, refreshed }: z.output<typeof OPTIONS>): CheckResult {
  const grants = new Map(grantsOf(history).map((grant) => [grant.id, grant]));
  if (fenced && ![...grants.values()].some(({ token }) => token !== undefined))
    return notAbout("No grant came with a fencing token, so nothing was fenced.", grants.size);
  const never = refreshed ? neverRefreshed([...grants.values()]) : undefined;
  if (never !== undefined) return notAbout(never, grants.size);
  const logs = logsOf(history);
  const observed = observedAccesses(history);
  const keys = new Set([
    ...[...grants.values()].map(({ key }) => key),
    ...observed.map(({ key }) => key),
    ...logs.keys(),
  ]);
  const byKey = Map.groupBy(observed, ({ key }) => key);
  const operationOf = operationFinder(history);
  const found: Violation[][] = [];
  const gaps: string[] = [];
  const figures = { "accepted writes": 0, "refused accesses": 0, grants: 0 };
  for (const key of keys) {
    const log = logs.get(key);
    const seen = byKey.get(key) ?? [];
    const accesses = (log === undefined ? seen : entriesOf(key, log)).toSorted((a, b) => a.seq - b.seq);
    if (log === undefined) gaps.push(`the log of ${key} was never read`);
    else gaps.push(...missingFrom(accesses, seen));
    const accepted = accesses.filter((access) => access.accepted);
    found.push(staleWrites(accepted), lostUpdates(accepted), withoutGrant(accepted, grants));
    if (log !== undefined) found.push(lostCount(accepted));
    if (since === "grant") found.push(supersededWrites(accepted, key, grants, operationOf));
    figures["accepted writes"] += accepted.filter(({ op }) => op === "write").length;
    figures["refused accesses"] += log === undefined ? refusals(history, key) : accesses.length - accepted.length;
    figures.grants += new Set(accepted.map(({ grant }) => grant)).size;
  }
  const violations = found.flat();
  const context: Context = { grants, logs, faults: faultsOf(history), operationOf };
  return conclude({
    history,
    findings: clearest(violations, byClarity, (violation) => describe(violation, context)),
    count: violations.length,
    broken: `The protected resource came to harm: ${countedKinds(violations)}.`,
    vacuous: tooFew(
      figures.grants,
      minGrants,
      "grant used the protected resource",
      "grants used the protected resource",
    ),
    unknown:
      gaps.length === 0
        ? undefined
        : `What arrived at the resource is not fully known: ${gaps.slice(0, 3).join("; ")}.`,
    holds: `${counted(figures["accepted writes"], "write")} under ${counted(figures.grants, "grant")} reached the resource one after the other; ${counted(figures["refused accesses"], "access was", "accesses were")} refused.`,
    figures,
  });
}

/** The accesses that clients know to have been accepted. */
function observedAccesses(history: History): Access[] {
  return history.operations.flatMap(({ f, completion }) => {
    if ((f !== "read" && f !== "write") || completion?.type !== "ok") return [];
    const grant = grantIn(completion);
    const seq = optionalNumberField(completion, "seq");
    if (grant === undefined || seq === undefined) return [];
    return [
      {
        key: textField(completion, "key"),
        seq,
        op: f,
        grant,
        value: fieldOf(completion, "value") ?? null,
        accepted: true,
      },
    ];
  });
}

function refusals(history: History, key: string): number {
  return history.operations.filter(
    ({ completion }) =>
      completion?.type === "fail" && completion.error === "stale-token" && textIn(completion, "key") === key,
  ).length;
}

/** Writes under a grant after which another grant had used the resource since the first one's first access. */
function staleWrites(accesses: readonly Access[]): Violation[] {
  return returnsIn(accesses).map(({ first, between, access }) => ({
    kind: "stale-write",
    at: access,
    accesses: [first, between, access],
    tell: (context) => tellStale(access, first, between, context),
  }));
}

/**
 * Writes that follow a read of a state from which a write of another grant had already gone on. A state is the write
 * that made it, and its value: the value alone comes back when a counter is thrown back, and where the log is missing,
 * nobody knows all writes.
 */
function lostUpdates(accesses: readonly Access[]): Violation[] {
  const violations: Violation[] = [];
  /** What a grant read last, and has not yet written from. */
  const bases = new Map<string, { read: Access; state: string }>();
  /** By the state that was read: the first write that went on from it, and the first one of another grant. */
  const successors = new Map<string, { read: Access; write: Access }[]>();
  let lastWrite = 0;
  for (const access of accesses) {
    if (access.op === "read") {
      bases.set(access.grant, { read: access, state: JSON.stringify([lastWrite, access.value]) });
      continue;
    }
    lastWrite = access.seq;
    const base = bases.get(access.grant);
    bases.delete(access.grant);
    if (base === undefined) continue;
    const { read, state } = base;
    const known = successors.get(state) ?? [];
    const rival = known.find(({ write }) => write.grant !== access.grant);
    if (rival !== undefined) {
      violations.push({
        kind: "lost-update",
        at: access,
        accesses: [rival.read, read, rival.write, access].sort((a, b) => a.seq - b.seq),
        tell: (context) => tellLostUpdate(access, read, rival.write, context),
      });
    }
    // Two of different grants are enough for everybody who comes later to find a rival.
    if (!known.some(({ write }) => write.grant === access.grant) && known.length < 2)
      known.push({ read, write: access });
    successors.set(state, known);
  }
  return violations;
}

/** Writes whose sender had a grant after which another client was told of its own, before the write was sent. */
function supersededWrites(
  accesses: readonly Access[],
  key: string,
  grants: Context["grants"],
  operationOf: Context["operationOf"],
): Violation[] {
  // In the order of their `ok`, as `grantsOf` gives them.
  const sameKey = [...grants.values()].filter((grant) => grant.key === key);
  return accesses.flatMap((access): Violation[] => {
    const sent = access.op === "write" ? operationOf(access)?.invoke : undefined;
    if (sent === undefined) return [];
    const next = sameKey[countUntil(sameKey, sent.time) - 1];
    const own = grants.get(access.grant);
    if (own === undefined || next === undefined || next.id === own.id || next.ok.time <= own.ok.time) return [];
    return [
      {
        kind: "superseded-write",
        at: access,
        accesses: [access],
        grants: [next],
        tell: (context) => tellSuperseded(access, next, context),
      },
    ];
  });
}

/** How many of the grants, which are in the order of their `ok`, were given before that time. */
function countUntil(grants: readonly Grant[], time: number): number {
  let [low, high] = [0, grants.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((grants[middle]?.ok.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The protected value is a counter: every write adds one to what was read, so it cannot be less than the number of
 * writes.
 */
function lostCount(accesses: readonly Access[]): Violation[] {
  const writes = accesses.filter(({ op }) => op === "write");
  const last = writes.at(-1);
  if (last === undefined || typeof last.value !== "number") return [];
  // A write that arrived twice (the client sent it again) counts once.
  const distinct = new Set(writes.map(({ grant, value }) => JSON.stringify([grant, value]))).size;
  const value = last.value;
  if (value >= distinct) return [];
  return [
    {
      kind: "lost-count",
      at: last,
      accesses: [last],
      tell: () =>
        `After ${distinct} accepted writes that each added one, the counter ${last.key} stood at ${value}: ${distinct - value} of them ${distinct - value === 1 ? "was" : "were"} overwritten.`,
    },
  ];
}

function withoutGrant(accesses: readonly Access[], grants: ReadonlyMap<string, Grant>): Violation[] {
  return accesses
    .filter(({ op, grant }) => op === "write" && !grants.has(grant))
    .map((access) => ({
      kind: "write-without-grant",
      at: access,
      accesses: [access],
      tell: () =>
        `The resource accepted a write to ${access.key} (access ${access.seq}) under the grant ${access.grant}, which nobody ever got.`,
    }));
}

function tellStale(access: Access, first: Access, between: Access, context: Context): string {
  return (
    `The resource accepted the write of ${JSON.stringify(access.value)} to ${access.key} by ${holder(access, context)} (access ${access.seq})${isTheOthers(access, between, context) ? "" : ", which it should not have"}: ` +
    `${holder(between, context)}${overdue(between, context)} had used it (access ${between.seq}, a ${between.op}) since the other began (access ${first.seq})` +
    `${grantedTo([access, between], context)}${saidAt(access, context)}.`
  );
}

function tellLostUpdate(access: Access, read: Access, rival: Access, context: Context): string {
  return (
    `${holder(access, context)} read ${JSON.stringify(read.value)} from ${access.key} (access ${read.seq}) and wrote ${JSON.stringify(access.value)} (access ${access.seq}), which the resource ${isTheOthers(access, rival, context) ? "accepted" : "should not have accepted"}: ` +
    `${holder(rival, context)}${overdue(rival, context)} had gone on from the same value with its write (access ${rival.seq}), and one of the two updates is lost` +
    `${grantedTo([rival, access], context)}${saidAt(access, context)}.`
  );
}

function tellSuperseded(access: Access, next: Grant, context: Context): string {
  return (
    `${holder(access, context)} wrote ${JSON.stringify(access.value)} to ${access.key} (access ${access.seq}), which the resource should not have accepted: ${next.who} (grant ${next.id}) ` +
    `had been granted the lock at ${moment(next.ok.time)} (${validitySaid(next, next.ok.time)})${grantedTo([access], context)}${attemptsSaid([next], ofKey(next.key, context))}${saidAt(access, context)}.`
  );
}

/**
 * Whether the other one's lock was over when its client got it, and that of the write was not: then the write is not to
 * be blamed.
 */
function isTheOthers(access: Access, other: Access, context: Context): boolean {
  return overdue(other, context) !== "" && overdue(access, context) === "";
}

function overdue(access: Access, context: Context): string {
  const grant = context.grants.get(access.grant);
  return grant !== undefined && outlasted(grant, ofKey(grant.key, context)) ? ", whose lock was over," : "";
}

function ofKey(key: string, { grants }: Context): Grant[] {
  return [...grants.values()].filter((grant) => grant.key === key);
}

function holder({ grant }: Access, { grants }: Context): string {
  const worker = grants.get(grant)?.who;
  return worker === undefined ? `the grant ${grant}` : `${worker} (grant ${grant})`;
}

/**
 * When each of them got the lock, and what its library said of it then, in the order of time; and which of the locks
 * were over by then.
 */
function grantedTo(accesses: readonly Access[], context: Context): string {
  const told = accesses.flatMap(({ grant }) => context.grants.get(grant) ?? []).sort((a, b) => a.ok.index - b.ok.index);
  return `${told
    .map(
      (grant) => `; ${grant.who} had got the lock at ${moment(grant.ok.time)} (${validitySaid(grant, grant.ok.time)})`,
    )
    .join("")}${attemptsSaid(told, ofKey(told[0]?.key ?? "", context))}`;
}

/** What the writer believed when it sent the write, and what the nemesis did meanwhile. */
function saidAt(access: Access, { grants, faults, operationOf }: Context): string {
  const write = operationOf(access)?.invoke;
  const grant = grants.get(access.grant);
  if (write === undefined) return "";
  const said = librarySaid(write, grant)?.words;
  const fault = grant === undefined ? "" : alongside(faults, grant.ok.time, write.time, [grant.who]);
  return `; ${who(write)} sent the write at ${moment(write.time)}${said === undefined ? "" : `, when ${said}`}${fault}`;
}

function describe(violation: Violation, context: Context): Finding {
  const { grants, logs, operationOf } = context;
  const operations = violation.accesses.flatMap((access) => [grants.get(access.grant)?.acquire, operationOf(access)]);
  const write = operationOf(violation.at)?.invoke;
  const said: Said | undefined = write === undefined ? undefined : librarySaid(write, grants.get(violation.at.grant));
  operations.push(...(violation.grants ?? []).map(({ acquire }) => acquire), logs.get(violation.at.key));
  return {
    kind: violation.kind,
    sentence: violation.tell(context),
    events: evidence([
      ...operations.flatMap((operation) => [operation?.invoke, operation?.completion]),
      ...(said?.events ?? []),
    ]),
  };
}

/**
 * Finds the operation behind an entry of the log: by its place in the order; one whose answer was lost by what it
 * wanted to write, the first of several.
 */
function operationFinder(history: History): (access: Access) => Operation | undefined {
  const bySeq = new Map<string, Operation>();
  const byContent = new Map<string, Operation>();
  for (const operation of history.operations) {
    if (operation.f !== "read" && operation.f !== "write") continue;
    const { invoke, completion } = operation;
    const grant = grantIn(invoke);
    if (grant === undefined) continue;
    const seq = completion === undefined ? undefined : numberIn(completion, "seq");
    if (seq !== undefined) bySeq.set(JSON.stringify([fieldOf(invoke, "key"), seq]), operation);
    else {
      const content = contentOf(operation.f, grant, fieldOf(invoke, "value") ?? null);
      if (!byContent.has(content)) byContent.set(content, operation);
    }
  }
  return ({ key, seq, op, grant, value }) =>
    bySeq.get(JSON.stringify([key, seq])) ?? byContent.get(contentOf(op, grant, op === "write" ? value : null));
}

function contentOf(op: string, grant: string, value: Json): string {
  return JSON.stringify([op, grant, value]);
}

const CLARITY: readonly Violation["kind"][] = [
  "lost-update",
  "stale-write",
  "superseded-write",
  "lost-count",
  "write-without-grant",
];

function byClarity(a: Violation, b: Violation): number {
  return CLARITY.indexOf(a.kind) - CLARITY.indexOf(b.kind) || a.at.seq - b.at.seq;
}

function countedKinds(violations: readonly Violation[]): string {
  const words: Readonly<Record<Violation["kind"], readonly [one: string, many: string]>> = {
    "lost-update": ["lost update", "lost updates"],
    "stale-write": ["stale write", "stale writes"],
    "superseded-write": ["write of a former holder", "writes of former holders"],
    "lost-count": ["counter below its writes", "counters below their writes"],
    "write-without-grant": ["write without a grant", "writes without a grant"],
  };
  return CLARITY.flatMap((kind) => {
    const count = violations.filter((violation) => violation.kind === kind).length;
    const [one, many] = words[kind];
    return count === 0 ? [] : [counted(count, one, many)];
  }).join(", ");
}
