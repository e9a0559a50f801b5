/**
 * Random short histories of every model, over so few values that about half of them are linearizable. They come from
 * one list of numbers, so that they shrink.
 */
import fc from "fast-check";
import type { Json } from "../../../history/operation.ts";
import type { Line } from "./columns-of-lines.ts";

/** Draws a whole number below the limit. */
export type Draw = (limit: number) => number;

/** What an operation asks, and what may be answered. */
interface Asked {
  readonly f: string;
  readonly input: Json;
  readonly output: Json;
}

const TEXTS = ["a", "b", "ab", ""];

function pick<Item>(draw: Draw, items: readonly Item[]): Item {
  return items[draw(items.length)] as Item;
}

function locking(draw: Draw, holding: boolean): Asked {
  const f = draw(8) === 0 ? pick(draw, ["acquire", "release"]) : holding ? "release" : "acquire";
  return { f, input: null, output: f === "acquire" ? 1 + draw(3) : null };
}

const registerLike =
  (fs: readonly string[]) =>
  (draw: Draw): Asked => {
    const f = pick(draw, fs);
    if (f === "cas") {
      const pair = [draw(3), draw(3)];
      return { f, input: pair, output: draw(3) === 0 ? [...pair, false] : pair };
    }
    const value = draw(3);
    return { f, input: f === "read" ? null : value, output: f === "read" && draw(8) === 0 ? null : value };
  };

export type Asks = (draw: Draw, holding: boolean) => Asked;

export const ASKED: Readonly<Record<string, Asks>> = {
  register: registerLike(["read", "write"]),
  "cas-register": registerLike(["read", "write", "cas", "cas"]),
  mutex: locking,
  semaphore: locking,
  "owner-aware-mutex": locking,
  "reentrant-mutex": (draw, holding) => locking(draw, draw(3) === 0 ? !holding : holding),
  "fenced-mutex": locking,
  "reentrant-fenced-mutex": (draw, holding) => locking(draw, draw(3) === 0 ? !holding : holding),
  set(draw) {
    const f = pick(draw, ["add", "add", "remove", "contains", "read"]);
    if (f === "read") return { f, input: null, output: pick(draw, [[], [0], [1], [0, 1]]) };
    return { f, input: draw(2), output: draw(2) === 0 };
  },
  counter(draw) {
    const f = pick(draw, ["add", "add", "read"]);
    return { f, input: f === "read" ? null : pick(draw, [1, 1, 2, 3, -1, 0]), output: draw(5) };
  },
  "increment-and-get": (draw) => ({ f: pick(draw, ["increment", "increment", "read"]), input: null, output: draw(5) }),
  "unique-ids": (draw) => ({ f: "generate", input: null, output: draw(15) }),
  "fifo-queue": queueing,
  "unordered-queue": queueing,
  "key-value"(draw) {
    const f = pick(draw, ["get", "get", "append", "put"]);
    const key = pick(draw, ["k", "k", "k", "l"]);
    const text = f === "get" ? pick(draw, [...TEXTS, "ba", "aa", "aab"]) : pick(draw, TEXTS);
    return { f, input: [key, f === "get" ? null : text], output: [key, text] };
  },
  "multi-register"(draw) {
    const length = 1 + draw(2);
    const micro = Array.from({ length }, () => [pick(draw, ["r", "w"]), pick(draw, ["x", "y"]), draw(2)] as const);
    return {
      f: "txn",
      input: micro.map(([f, key, value]) => [f, key, f === "r" ? null : value]),
      output: micro.map(([f, key, value]) => [f, key, f === "r" && draw(4) === 0 ? null : value]),
    };
  },
};

function queueing(draw: Draw): Asked {
  const f = pick(draw, ["enqueue", "dequeue"]);
  const value = draw(3);
  return { f, input: f === "enqueue" ? value : null, output: f === "dequeue" && draw(5) === 0 ? null : value };
}

/** What is asked of the model. @throws Error when there is nothing. */
export function asksOf(model: string): Asks {
  const asks = ASKED[model];
  if (asks === undefined) throw new Error(`no operations for ${model}`);
  return asks;
}

function drawLines(asks: Asks, draw: Draw, most: number): Line[] {
  const operations = 1 + draw(most);
  const processes = 2 + draw(3);
  const lines: Line[] = [];
  const open = new Map<number, Asked>();
  const holding = new Set<number>();
  /** The process that each worker is at the moment. */
  const processOf = Array.from({ length: processes }, (_, i) => i);
  let next = processes;
  let begun = 0;
  while (begun < operations || (open.size > 0 && draw(12) !== 0)) {
    const worker = draw(processes);
    const process = processOf[worker] ?? 0;
    const asked = open.get(process);
    if (asked === undefined) {
      if (begun === operations) continue;
      const ask = asks(draw, holding.has(process));
      lines.push([process, "invoke", ask.f, ask.input]);
      open.set(process, ask);
      begun += 1;
      continue;
    }
    open.delete(process);
    const fate = draw(10);
    if (fate === 0) lines.push([process, "fail", asked.f, asked.input]);
    else if (fate <= 2) {
      lines.push([process, "info", asked.f, asked.input]);
      processOf[worker] = next;
      next += 1;
    } else {
      lines.push([process, "ok", asked.f, asked.output]);
      if (asked.f === "acquire") holding.add(process);
      if (asked.f === "release") holding.delete(process);
    }
  }
  return lines;
}

/** @param most operations. @param begin called for each history. */
export function arbitraryLines(model: string, most: number, begin = () => asksOf(model)): fc.Arbitrary<Line[]> {
  return fc.array(fc.nat(10_079), { minLength: most * 4, maxLength: most * 12 }).map((numbers) => {
    let at = 0;
    return drawLines(
      begin(),
      (limit) => {
        const number = numbers[at % numbers.length] ?? 0;
        // The second round must not be the first once more, or a history could go on for ever.
        const round = Math.floor(at / numbers.length);
        at += 1;
        return (number + round) % limit;
      },
      most,
    );
  });
}
