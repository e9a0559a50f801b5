/**
 * Long forks: two reads see two independent writes in opposite orders, which parallel snapshot isolation allows and snapshot isolation does not
 * (Sovran et al., "Transactional storage for geo-replicated systems", SOSP 2011). Every key is written once, so a read is the set of the keys that it saw written, and of two reads of the same
 * keys one must contain the other.
 */
import type { Columns } from "../../history/columns.ts";
import { MisuseError } from "../analysis.ts";
import { NEVER } from "../linearizability/entries.ts";
import { counted } from "../words.ts";
import { analyzerOf, eventsOfCalls, nameIndex, placeOf, shown } from "./invariant.ts";

interface Read {
  readonly call: number;
  /** The keys that it found written, as texts. */
  readonly seen: ReadonlySet<string>;
}

/**
 * `write` `[["w", key, value]]`, `read` `[["r", key, value or null], …]`, as in Jepsen's test. Exact for reads of the same keys; reads of other keys are not compared.
 * @throws MisuseError where a key is written twice, and for values of another shape.
 */
export const longFork = analyzerOf({
  name: "long-fork",
  algorithm: "nesting of reads of the same keys; exact",
  options: {},
  operations: () => ["read", "write"],
  judge(parts, _, findings, columns) {
    let reads = 0;
    for (const part of parts) {
      const { length, call, ret, f, input, output } = part.entries;
      const write = nameIndex(columns, "write");
      const writers = new Map<string, number>();
      const groups = new Map<string, Read[]>();
      for (let i = 0; i < length; i += 1) {
        const event = call[i] ?? 0;
        if (f[i] === write) {
          for (const { key } of microOps(columns, input[i] ?? 0, "w", event)) requireOnce(writers, key, event, columns);
          continue;
        }
        if (ret[i] === NEVER) continue;
        reads += 1;
        const found = microOps(columns, output[i] ?? 0, "r", ret[i] ?? 0);
        const seen = new Set(found.filter(({ isNull }) => !isNull).map(({ key }) => key));
        const group = JSON.stringify(found.map(({ key }) => key).sort());
        const others = groups.get(group) ?? [];
        groups.set(group, others);
        others.push({ call: event, seen });
      }
      for (const group of groups.values()) {
        // Of reads in the order of their sizes, all nest when neighbours do.
        group.sort((a, b) => a.seen.size - b.seen.size);
        for (const [i, read] of group.entries()) {
          const next = group[i + 1];
          if (next === undefined || missingIn(next.seen, read.seen).length === 0) continue;
          findings.add("long-fork", part, () => ({
            sentence: `One read (${placeOf(columns, read.call)}) saw the write of ${missingIn(next.seen, read.seen).join(", ")} and not that of ${missingIn(read.seen, next.seen).join(", ")}, another one (${placeOf(columns, next.call)}) the other way round.`,
            events: eventsOfCalls(columns, [read.call, next.call]),
          }));
        }
      }
    }
    return {
      figures: { reads },
      holds: `of ${counted(reads, "read")}, those of the same keys contain each other`,
      unknown: reads < 2 ? "there are no two reads to compare" : undefined,
    };
  },
});

/** What `seen` has and `other` has not. */
function missingIn(other: ReadonlySet<string>, seen: ReadonlySet<string>): string[] {
  return [...seen].filter((key) => !other.has(key));
}

function requireOnce(writers: Map<string, number>, key: string, event: number, columns: Columns): void {
  const earlier = writers.get(key);
  if (earlier !== undefined)
    throw new MisuseError(
      `long-fork needs keys that are written once: ${key} is written here, and already in event ${earlier}`,
      event,
      columns,
    );
  writers.set(key, event);
}

function microOps(
  columns: Columns,
  at: number,
  kind: "r" | "w",
  event: number,
): { readonly key: string; readonly isNull: boolean }[] {
  const { tape } = columns;
  const wrong = (): MisuseError =>
    new MisuseError(
      `long-fork: a ${kind === "r" ? "read" : "write"} is a list of ["${kind}", key, value], not ${shown(columns, at)}`,
      event,
      columns,
    );
  if (!tape.isArray(at)) throw wrong();
  const found: { key: string; isNull: boolean }[] = [];
  for (let each = tape.first(at); each < tape.next(at); each = tape.next(each)) {
    if (!tape.isArray(each) || tape.count(each) !== 3) throw wrong();
    const name = tape.first(each);
    if (tape.json(name) !== kind) throw wrong();
    const key = tape.next(name);
    found.push({ key: shown(columns, key), isNull: tape.isNull(tape.next(key)) });
  }
  return found;
}
