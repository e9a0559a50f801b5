/**
 * The contract of a fault: it knows its target before it acts, it can be undone, and it proves by a probe that it
 * acted. One file for each kind in `faults/`.
 */
import type { Node, NodeShim } from "../hosts/host.ts";
import type { ProcessState } from "../machine/process-state.ts";
import type { Links } from "../network/links.ts";
import type { ParsedLine } from "../history/line.ts";
import type { Json } from "../history/operation.ts";
import type { ProbeResult } from "../history/nemesis-event.ts";
import { ownKind } from "../machine/own-kind.ts";
import type { DeclaredOptions } from "./fault-options.ts";
import type { Topology } from "./topology.ts";

export type FaultOptions = { readonly [key: string]: Json };

/** A client process, as far as the nemesis is concerned. */
export interface FaultyWorker {
  readonly name: string;
  pid(): number | undefined;
  state(): ProcessState;
  /** @throws HostError when it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL; resolves when the process is gone. It does not come back. */
  kill(): Promise<void>;
  /**
   * SIGTERM: it starts no new operation, finishes what it is doing, closes its clients and ends; resolves when the
   * process is gone. It does not come back.
   * @throws when it has not ended in time, or ended otherwise than in order.
   */
  shutDown(): Promise<void>;
  /** Keeps its event loop busy for so many milliseconds; resolves when that has begun. */
  stall(ms: number): Promise<void>;
  readonly shim: NodeShim | undefined;
  /** How far its `Date.now()` is ahead of this machine's clock, in milliseconds. */
  clockOffsetMs(): Promise<number>;
}

/** The history while it is being written. */
export interface LiveHistory {
  /** Hears every event that is written from now on. Returns how to stop. */
  subscribe(listener: (event: ParsedLine) => void): () => void;
  /** Nanoseconds since the start of the run, as in the events. */
  now(): number;
  /**
   * The worker that was granted the lock last and has not begun to release it; of one key, or of any. Undefined when
   * there is none.
   */
  holder(key: string | undefined): string | undefined;
}

/** All that a fault may touch. */
export interface FaultContext {
  /** The nodes under test, by name; helper nodes are not among them. */
  readonly nodes: ReadonlyMap<string, Node>;
  readonly workers: ReadonlyMap<string, FaultyWorker>;
  readonly links: Links;
  /**
   * The server that locks protect, where the plan's faults name it: its links with the workers can be impaired, and
   * nothing else done to it.
   */
  readonly resource?: Node;
  readonly history: LiveHistory;
  /** Who says now that it is primary. */
  primaries(): Promise<string[]>;
  readonly topology: Topology;
}

/** A fault whose target is known, and that has not acted yet. */
export interface Fault {
  /** Names of nodes and workers. */
  readonly target: readonly string[];
  /** A few words for people, such as `SIGSTOP w1`. */
  readonly title: string;
  readonly detail?: { readonly [key: string]: Json };
  /**
   * True when its targets may be down while it acts, by its own doing or by an end of their own that it brings about.
   * The end of any other node ends the run.
   */
  readonly mayEnd?: true;
  /**
   * @throws Refusal, or what the target answered, when it did not happen: the run goes on, and the probe counts as a
   * no.
   */
  inject(): Promise<void>;
  /** Looks whether the fault is really there. */
  probe(): Promise<ProbeResult>;
  /** Undoes what `inject` has done, also when that was refused half-way. @throws as `inject`. */
  heal(): Promise<void>;
  /** Looks whether it is really gone. */
  probeHealed(): Promise<ProbeResult>;
}

/** The fault shim; iptables in a node's own network; the kernel's netem there. */
export type Need = "shim" | "packets" | "netem";

export interface FaultKind {
  readonly kind: string;
  /** The options that `prepare` reads. */
  readonly options: DeclaredOptions;
  /** Without these it is refused; nothing unless given. */
  readonly needs?: readonly Need[];
  /**
   * True where one fault of several targets is more than the same fault of each; else it is prepared for each of them.
   */
  readonly takesAllTargets?: true;
  /** What its targets are while it acts, where they do not run. */
  readonly leaves?: "down" | "stopped";
  /** True where it can act on a target that is stopped; nothing can be done to one that is down. */
  readonly reachesStopped?: true;
  /**
   * Resolves the target at the planned moment.
   * @throws TypeError naming the option that makes no sense.
   * @throws NoTargetError when there is nobody now to whom the target's words apply; there may be later.
   */
  prepare(context: FaultContext, options: FaultOptions): Promise<Fault>;
}

/** A kind of fault of one's own, exported from a module that a campaign names. */
export function defineFault<Own extends FaultKind>(kind: Own): Own {
  return ownKind("fault", kind);
}

/** Nobody is what the plan wants to strike: no node calls itself primary, no client holds the lock. */
export class NoTargetError extends Error {
  override readonly name = "NoTargetError";
}

/** How long a probe waits for an answer that should not come. */
export const SILENCE_MS = 300;
