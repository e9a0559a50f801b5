/** Special cases on every history of three operations, against the brute-force oracle. */
import { describe, expect, it } from "vitest";
import type { Analysis } from "../../../checkers/analysis.ts";
import { linearizable } from "../../../checkers/linearizability/check.ts";
import { MODEL_MAKERS } from "../../../checkers/linearizability/models/index.ts";
import { isLinearizable } from "../oracle/linearizability.ts";
import { ORACLE_OBJECTS } from "../oracle/objects.ts";
import { columnsOfLines, verdictOn } from "./columns-of-lines.ts";
import type { Line } from "./columns-of-lines.ts";
import { everyHistory } from "./every-history.ts";
import type { Possible } from "./every-history.ts";

/** The same operation with a known outcome and with an unknown one. */
function both(f: string, input: Possible["input"], output: Possible["input"]): Possible[] {
  return [
    { f, input, output },
    { f, input, output: undefined },
  ];
}

const read = (output: Possible["input"]): Possible => ({ f: "read", input: null, output });
const dequeue = (output: Possible["input"]): Possible => ({ f: "dequeue", input: null, output });
const UNKNOWN_DEQUEUE: Possible = { f: "dequeue", input: null, output: undefined };

/** What the operation with a number may be; what it writes is its number. */
const POSSIBLE: Readonly<Record<string, (i: number) => Possible[]>> = {
  register: (i) => [...both("write", i, i), read(null), read(0), read(1), read(2)],
  "cas-register": (i) => [
    ...both("write", i, i),
    ...[null, 0, 1, 2].filter((old) => old !== i).flatMap((old) => both("cas", [old, i], [old, i])),
    read(null),
    read(1),
  ],
  mutex: () => [...both("acquire", null, null), ...both("release", null, null)],
  "fenced-mutex": () => [
    ...both("acquire", null, 1),
    { f: "acquire", input: null, output: 2 },
    ...both("release", null, null),
  ],
  "fifo-queue": (i) => [...both("enqueue", i, i), dequeue(null), dequeue(0), dequeue(1), UNKNOWN_DEQUEUE],
  "unordered-queue": (i) => [...both("enqueue", i, i), dequeue(null), dequeue(0), dequeue(1), UNKNOWN_DEQUEUE],
  set: (i) => [...both("add", i, null), read([]), read([0]), read([1]), read([0, 1]), read([1, 2])],
  counter: () => [...both("add", 1, null), read(0), read(1), read(2)],
  "increment-and-get": () => [
    ...both("increment", null, 1),
    { f: "increment", input: null, output: 2 },
    read(0),
    read(1),
    read(2),
  ],
};

describe.each(Object.entries(POSSIBLE))("%s", (name, possible) => {
  it("is judged like by brute force", () => {
    const model = MODEL_MAKERS.get(name)?.({});
    const [object, initial] = ORACLE_OBJECTS[name] ?? [];
    if (model === undefined || object === undefined || initial === undefined)
      throw new Error(`no model or oracle for ${name}`);
    let legal = 0;
    let illegal = 0;
    for (const lines of everyHistory(3, possible)) {
      const expected = isLinearizable(lines, object, initial);
      const { valid, reason, witness }: Analysis = linearizable(columnsOfLines(lines), model);
      if (valid !== verdictOn(lines, expected)) expect.fail(`${JSON.stringify(lines)} was judged ${valid}: ${reason}`);
      if (expected) {
        legal += 1;
        continue;
      }
      illegal += 1;
      const alone = witness.map((index) => lines[index] as Line);
      if (isLinearizable(alone, object, initial)) expect.fail(`no proof of ${JSON.stringify(lines)}: ${reason}`);
    }
    expect([legal > 0, illegal > 0]).toEqual([true, true]);
  });
});
