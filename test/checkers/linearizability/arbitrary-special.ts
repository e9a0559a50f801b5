/**
 * Random short histories of the kinds that special cases decide: values that are written once, adds of the same amount,
 * sets that only grow.
 */
import type { Json } from "../../../history/operation.ts";
import type { Asks, Draw } from "./arbitrary-operations.ts";

/** Called once for each history. */
type Begin = () => Asks;

/** A whole number that is likely to be one of the latest. */
function recent(draw: Draw, count: number): number {
  return Math.max(0, count - draw(3));
}

const register =
  (fs: readonly string[]): Begin =>
  () => {
    let written = 0;
    return (draw) => {
      const f = fs[draw(fs.length)] ?? "read";
      const seen = recent(draw, written);
      const value = seen === 0 ? null : seen;
      if (f === "read") return { f, input: null, output: value };
      // Now and then a value is repeated, or written back.
      const next: Json = draw(12) === 0 ? value : (written += 1);
      if (f === "write") return { f, input: next, output: next };
      const pair = [value, next];
      return { f, input: pair, output: draw(20) === 0 ? [...pair, false] : pair };
    };
  };

const queue =
  (emptyOneIn: number): Begin =>
  () => {
    let enqueued = 0;
    let dequeued = 0;
    return (draw) => {
      if (draw(2) === 0) {
        const value = draw(15) === 0 ? recent(draw, enqueued) : (enqueued += 1);
        return { f: "enqueue", input: value, output: null };
      }
      if (draw(emptyOneIn) === 0) return { f: "dequeue", input: null, output: null };
      const value = draw(5) === 0 ? 1 + draw(enqueued + 1) : (dequeued += 1);
      return { f: "dequeue", input: null, output: value };
    };
  };

const growingSet: Begin = () => {
  let added = 0;
  return (draw) => {
    if (draw(2) === 0) {
      const value = draw(6) === 0 ? 1 + draw(added + 1) : (added += 1);
      return { f: "add", input: value, output: null };
    }
    const most = 1 + added;
    const read = Array.from({ length: most }, (_, i) => i).filter(() => draw(3) !== 0);
    return { f: "read", input: null, output: read.filter((each) => each > 0 || draw(8) === 0) };
  };
};

const setElement: Begin = () => (draw) => {
  const f = draw(2) === 0 ? "add" : "contains";
  return { f, input: 1, output: draw(2) === 0 };
};

const counter =
  (amounts: readonly number[]): Begin =>
  () => {
    let added = 0;
    return (draw) => {
      const amount = amounts[draw(amounts.length)] ?? 1;
      if (draw(2) === 0) {
        added += amount;
        return { f: "add", input: draw(15) === 0 ? 0 : amount, output: null };
      }
      return { f: "read", input: null, output: draw(15) === 0 ? 1 : added - amount * draw(3) };
    };
  };

/** Sums that mostly rise. */
const sums: Begin = () => {
  let sum = 0;
  return (draw) => {
    const f = draw(3) === 0 ? "read" : "increment";
    if (f === "increment") sum += draw(8) === 0 ? 2 : 1;
    return { f, input: null, output: draw(6) === 0 ? recent(draw, sum) : sum };
  };
};

/** A lock with tokens that mostly rise. */
const tokens =
  (reentrant: boolean): Begin =>
  () => {
    let given = 0;
    return (draw, holding) => {
      const again = reentrant && draw(3) === 0 ? !holding : holding;
      if (again && draw(12) !== 0) return { f: "release", input: null, output: null };
      const token = reentrant && holding ? given : draw(4) === 0 ? Math.max(1, recent(draw, given + 1)) : (given += 1);
      return { f: "acquire", input: null, output: draw(2) === 0 ? token : { token } };
    };
  };

export interface SpecialKind {
  readonly model: string;
  readonly begin: Begin;
  /** States to begin with. */
  readonly init?: readonly Json[];
  /** At least so many of a hundred histories must be decided without the search. */
  readonly decided: number;
}

export const SPECIAL_KINDS: Readonly<Record<string, SpecialKind>> = {
  register: { model: "register", begin: register(["read", "write"]), init: [null, 1, 7], decided: 60 },
  "register with cas": {
    model: "cas-register",
    begin: register(["read", "write", "cas", "cas"]),
    init: [null, 1, 7],
    decided: 50,
  },
  "fenced lock": { model: "fenced-mutex", begin: tokens(false), decided: 100 },
  "reentrant fenced lock": { model: "reentrant-fenced-mutex", begin: tokens(true), decided: 100 },
  "queue without empty dequeues": { model: "fifo-queue", begin: queue(1_000), init: [[], [1], [8, 9]], decided: 60 },
  "queue with empty dequeues": { model: "fifo-queue", begin: queue(4), init: [[], [1], [8, 9]], decided: 40 },
  "any-order queue": { model: "unordered-queue", begin: queue(1_000), init: [[], [1, 1]], decided: 95 },
  "any-order queue with empty dequeues": { model: "unordered-queue", begin: queue(4), init: [[], [8]], decided: 40 },
  "growing set": { model: "set", begin: growingSet, init: [[], [1], [0]], decided: 100 },
  "element of a set": { model: "set", begin: setElement, init: [[], [1]], decided: 100 },
  "counter of ones": { model: "counter", begin: counter([1]), init: [0, 1], decided: 100 },
  "counter of negative twos": { model: "counter", begin: counter([-2]), init: [0, -2], decided: 100 },
  "increments that answer": { model: "increment-and-get", begin: sums, init: [0, 1], decided: 100 },
  "counter of several amounts": { model: "counter", begin: counter([1, 2, -1]), init: [0], decided: 10 },
};
