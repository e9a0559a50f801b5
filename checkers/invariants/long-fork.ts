/**
 * Long forks: two reads see two independent writes in opposite orders, which parallel snapshot isolation allows and
 * snapshot isolation does not (Sovran et al., "Transactional storage for geo-replicated systems", SOSP 2011). Every key
 * is written once, so a read is the set of the keys that it saw written, and of two reads of the same keys one must
 * contain the other.
 */
import { NO_PARTNER } from "../../history/columns/columns.ts";
import type { Columns } from "../../history/columns/columns.ts";
import { MisuseError } from "../analysis.ts";
import { NEVER } from "../linearizability/entries.ts";
import type { Part } from "../linearizability/prepare/prepare.ts";
import { counted } from "../kit/words.ts";
import { invariantChecker, eventsOfCalls, nameIndex, placeOf, shown } from "./invariant.ts";
import type { Findings } from "./invariant.ts";

interface Read {
  readonly call: number;
  /** The keys that it found written, as texts. */
  readonly seen: ReadonlySet<string>;
}

interface Write {
  /** As JSON. */
  readonly value: string;
  readonly call: number;
}

interface MicroOperation {
  /** As JSON. */
  readonly key: string;
  readonly value: string;
}

const NULL = "null";

/**
 * `write` `[["w", key, value]]`, `read` `[["r", key, value or null], …]`, as in Jepsen's test. Exact for reads of the
 * same keys; reads of other keys are not compared. A read of what nobody had begun to write is `unexpected`, and one of
 * a failed write's value is `failed-but-seen`.
 * @throws MisuseError where a key is written twice, or twice in one read, and for values of another shape.
 */
export const longFork = invariantChecker({
  name: "long-fork",
  algorithm: "nesting of reads of the same keys; exact",
  options: {},
  operations: () => ["read", "write"],
  judge(parts, _, findings, columns) {
    let reads = 0;
    for (const part of parts) reads += judge(part, findings, columns);
    return {
      figures: { reads },
      holds: `of ${counted(reads, "read")}, those of the same keys contain each other`,
      unknown: reads < 2 ? "there are no two reads to compare" : undefined,
    };
  },
});

/** @returns how many reads succeeded. */
function judge(part: Part, findings: Findings, columns: Columns): number {
  const { length, call, ret, f, input, output, failed } = part.entries;
  const write = nameIndex(columns, "write");
  const writes = new Map<string, Write>();
  for (let i = 0; i < length; i += 1) {
    const event = call[i] ?? 0;
    if (f[i] !== write) continue;
    for (const { key, value } of microOperations(columns, input[i] ?? 0, "w", event)) {
      const earlier = writes.get(key);
      if (earlier !== undefined)
        throw new MisuseError(
          `long-fork needs keys that are written once: ${key} is written here, and already in event ${earlier.call}`,
          event,
          columns,
        );
      if (value === NULL)
        throw new MisuseError(
          `long-fork: null is what a key holds that nobody wrote, and cannot be written`,
          event,
          columns,
        );
      writes.set(key, { value, call: event });
    }
  }
  const failures = new Map<string, Write>();
  for (const event of failed) {
    if (columns.f[event] !== write) continue;
    for (const { key, value } of microOperations(columns, columns.value[event] ?? 0, "w", event))
      failures.set(JSON.stringify([key, value]), { value, call: event });
  }
  const groups = new Map<string, Read[]>();
  let reads = 0;
  for (let i = 0; i < length; i += 1) {
    if (f[i] === write || ret[i] === NEVER) continue;
    reads += 1;
    const event = call[i] ?? 0;
    const found = microOperations(columns, output[i] ?? 0, "r", ret[i] ?? 0);
    const written = found.filter(({ value }) => value !== NULL);
    const seen = new Set<string>();
    for (const { key, value } of written) {
      const source = writes.get(key);
      if (source?.value === value && source.call < (ret[i] ?? 0)) seen.add(key);
      else reportStranger(part, findings, columns, { event, key, value, source, failures });
    }
    // What it says of the other keys is worth nothing, and the stranger is the finding.
    if (seen.size < written.length) continue;
    const group = JSON.stringify(found.map(({ key }) => key).sort());
    const others = groups.get(group) ?? [];
    groups.set(group, others);
    others.push({ call: event, seen });
  }
  for (const group of groups.values()) reportForks(part, findings, columns, group, writes);
  return reads;
}

function reportForks(
  part: Part,
  findings: Findings,
  columns: Columns,
  group: Read[],
  writes: ReadonlyMap<string, Write>,
): void {
  // When reads are in the order of their sizes, all nest when neighbours do.
  group.sort((a, b) => a.seen.size - b.seen.size);
  for (const [i, read] of group.entries()) {
    const next = group[i + 1];
    if (next === undefined) continue;
    const lacking = missingIn(next.seen, read.seen);
    if (lacking.length === 0) continue;
    const gained = missingIn(read.seen, next.seen);
    findings.add("long-fork", part, () => ({
      sentence: `One read (${placeOf(columns, read.call)}) saw the write of ${lacking.join(", ")} and not that of ${gained.join(", ")}, another one (${placeOf(columns, next.call)}) the other way round.`,
      events: eventsOfCalls(columns, [
        read.call,
        next.call,
        // Without its write, a value looks as if nobody had written it.
        ...[...read.seen, ...next.seen].map((key) => writes.get(key)?.call ?? read.call),
      ]),
      detail: {
        firstOnly: lacking.map((key) => JSON.parse(key) as string),
        secondOnly: gained.map((key) => JSON.parse(key) as string),
      },
    }));
  }
}

interface Stranger {
  /** Invocation of the read. */
  readonly event: number;
  readonly key: string;
  readonly value: string;
  /** The write of the key that did not fail, of another value or too late. */
  readonly source: Write | undefined;
  readonly failures: ReadonlyMap<string, Write>;
}

function reportStranger(
  part: Part,
  findings: Findings,
  columns: Columns,
  { event, key, value, source, failures }: Stranger,
): void {
  const said = `A read (${placeOf(columns, event)}) found ${value} at ${key}`;
  const failure = failures.get(JSON.stringify([key, value]));
  const ended = columns.partner[event] ?? NO_PARTNER;
  const detail = { key: JSON.parse(key) as string, value: JSON.parse(value) as string };
  if (source?.value === value && source.call > ended)
    findings.add("unexpected", part, () => ({
      sentence: `${said} before its write began (${placeOf(columns, source.call)}).`,
      events: eventsOfCalls(columns, [event, source.call]),
      detail,
    }));
  else if (failure !== undefined)
    findings.add("failed-but-seen", part, () => ({
      sentence: `${said}, but its write failed (${placeOf(columns, failure.call)}).`,
      events: eventsOfCalls(columns, [event, failure.call]),
      detail,
    }));
  else
    findings.add("unexpected", part, () => ({
      sentence: `${said}, but nobody had written it.`,
      events: eventsOfCalls(columns, [event]),
      detail,
    }));
}

/** What `seen` has and `other` has not. */
function missingIn(other: ReadonlySet<string>, seen: ReadonlySet<string>): string[] {
  return [...seen].filter((key) => !other.has(key));
}

function microOperations(columns: Columns, at: number, kind: "r" | "w", event: number): MicroOperation[] {
  const { tape } = columns;
  const wrong = (): MisuseError =>
    new MisuseError(
      `long-fork: a ${kind === "r" ? "read" : "write"} is a list of ["${kind}", key, value], not ${shown(columns, at)}`,
      event,
      columns,
    );
  if (!tape.isArray(at)) throw wrong();
  const found: MicroOperation[] = [];
  for (let each = tape.first(at); each < tape.next(at); each = tape.next(each)) {
    if (!tape.isArray(each) || tape.count(each) !== 3) throw wrong();
    const name = tape.first(each);
    if (tape.json(name) !== kind) throw wrong();
    const keyAt = tape.next(name);
    const key = shown(columns, keyAt);
    if (found.some((other) => other.key === key))
      throw new MisuseError(`long-fork: ${key} is there twice, and must be once`, event, columns);
    found.push({ key, value: shown(columns, tape.next(keyAt)) });
  }
  return found;
}
