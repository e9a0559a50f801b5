/** What a history has of caches, key by key: the versions that were written, what the store had, and what users got. */
import type { History } from "../../history/history.ts";
import type { Operation } from "../../history/operation.ts";
import { outcome } from "../../history/operation.ts";
import { flagIn, numberIn, textField, textIn } from "../../history/vocabulary/read.ts";
import { who } from "../kit/words.ts";

export interface Write {
  readonly version: number;
  readonly operation: Operation;
  readonly outcome: "ok" | "fail" | "info";
  readonly began: number;
  /** When the server had acknowledged it; Infinity when it never did. */
  readonly stored: number;
  /** When the caches had been told as well, where the writer does that apart. */
  readonly told: number;
  /** The version that it replaced, as the server said. */
  readonly before: number | undefined;
}

/** What somebody found: a user in its cache, or the reader in the store. */
export interface Look {
  readonly who: string;
  readonly operation: Operation;
  readonly from: number;
  readonly to: number;
  /** Undefined where there was none that anybody wrote: no copy, or `text`. */
  readonly version: number | undefined;
  readonly text: string | undefined;
}

export interface Read extends Look {
  /** Whether the cache said that it was fresh, both before the get and after it; undefined where it said nothing. */
  readonly fresh: boolean | undefined;
}

export interface KeyRecords {
  readonly key: string;
  /** By version. */
  readonly writes: ReadonlyMap<number, Write>;
  /** In the order of their versions, which is that of their beginnings: a key has one writer. */
  readonly inOrder: readonly Write[];
  readonly looks: readonly Look[];
  /** Gets that were answered, by user, in order. */
  readonly reads: ReadonlyMap<string, readonly Read[]>;
  /** All gets that were tried, by user. */
  readonly tried: ReadonlyMap<string, readonly Operation[]>;
}

/** Keys that some user asked for. */
export function cacheRecords(history: History): KeyRecords[] {
  const byKey = Map.groupBy(
    history.operations.filter(({ f }) => f === "write" || f === "invalidate" || f === "read" || f === "read-store"),
    ({ invoke }) => textField(invoke, "key"),
  );
  return [...byKey]
    .filter(([, operations]) => operations.some(({ f }) => f === "read"))
    .map(([key, operations]) => recordsOf(key, operations));
}

function recordsOf(key: string, operations: readonly Operation[]): KeyRecords {
  const named = (f: string): Operation[] => operations.filter((operation) => operation.f === f);
  const told = new Map(named("invalidate").map((each) => [numberIn(each.invoke, "version"), each.completion?.time]));
  const inOrder = named("write")
    .flatMap((operation): Write[] => {
      const version = numberIn(operation.invoke, "version");
      if (version === undefined) return [];
      const ended = outcome(operation);
      const stored = ended === "ok" ? (operation.completion?.time ?? Infinity) : Infinity;
      return [
        {
          version,
          operation,
          outcome: ended,
          began: operation.invoke.time,
          stored,
          told: Math.max(stored, told.get(version) ?? 0),
          before: operation.completion === undefined ? undefined : numberOf(operation, "before"),
        },
      ];
    })
    .sort((a, b) => a.version - b.version);
  const tried = Map.groupBy(named("read"), ({ invoke }) => who(invoke));
  return {
    key,
    inOrder,
    writes: new Map(inOrder.map((write) => [write.version, write])),
    looks: named("read-store")
      .flatMap(lookOf)
      .sort((a, b) => a.from - b.from),
    tried,
    reads: new Map(
      [...tried].map(([user, each]) => [
        user,
        each.flatMap((operation) => lookOf(operation).map((look): Read => ({ ...look, fresh: freshness(operation) }))),
      ]),
    ),
  };
}

function lookOf(operation: Operation): Look[] {
  const { invoke, completion } = operation;
  if (completion?.type !== "ok") return [];
  const [from, to] = [invoke.time, completion.time];
  const version = numberIn(completion, "version");
  return [{ who: who(invoke), operation, from, to, version, text: textIn(completion, "text") }];
}

function freshness({ completion }: Operation): boolean | undefined {
  if (completion === undefined) return undefined;
  const before = flagIn(completion, "before");
  const after = flagIn(completion, "after");
  return before === undefined || after === undefined ? undefined : before && after;
}

function numberOf({ completion }: Operation, name: "before"): number | undefined {
  return completion?.type === "ok" ? numberIn(completion, name) : undefined;
}
