/**
 * What models say of who can have noticed an operation: witnesses are shrunk by it, and unknown operations left out.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NEVER } from "../../../checkers/linearizability/entries.ts";
import { MODEL_MAKERS } from "../../../checkers/linearizability/models/index.ts";
import type { Step } from "../../../checkers/linearizability/model.ts";
import { isLinearizable, operationsOf } from "../oracle/linearizability.ts";
import type { OracleOperation } from "../oracle/linearizability.ts";
import { ORACLE_OBJECTS } from "../oracle/objects.ts";
import { arbitraryLines, ASKED } from "./arbitrary-operations.ts";
import type { Line } from "./columns-of-lines.ts";

describe.each(Object.keys(ASKED))("%s", (name) => {
  const model = MODEL_MAKERS.get(name)?.({ limit: 2 });
  const [object, initial = null] = ORACLE_OBJECTS[name] ?? [];

  function stepOf({ f, input, output, process }: OracleOperation): Step {
    const step = { f, input, output, process: model?.ownerAware === true ? process : 0 };
    return model?.canonical?.(step) ?? step;
  }

  /** As many of the operations as nobody else can have noticed. */
  function removable(operations: readonly OracleOperation[], wanted: readonly OracleOperation[]): OracleOperation[] {
    const rest = operations.filter((each) => !wanted.includes(each));
    const last = model?.lastObservation?.(
      rest.map((each) => ({ step: stepOf(each), ret: each.ret === Infinity ? NEVER : each.ret })),
    );
    const allowed = wanted.filter(
      (each) => model?.isRead?.(stepOf(each)) === true || (last?.(stepOf(each)) ?? Infinity) <= each.call,
    );
    return allowed.length === wanted.length ? [...wanted] : removable(operations, allowed);
  }

  it("leaves legal what was legal", () => {
    expect(model).toBeDefined();
    if (object === undefined) throw new Error(`no oracle for ${name}`);
    let removed = 0;
    fc.assert(
      fc.property(arbitraryLines(name, 6), fc.nat(63), (lines, choice) => {
        if (!isLinearizable(lines, object, initial)) return;
        const operations = operationsOf(lines);
        const out = removable(
          operations,
          operations.filter((_, i) => ((choice >> i) & 1) === 1),
        );
        removed += out.length;
        const gone = new Set(out.flatMap(({ call, ret }) => [call, ret]));
        // An unknown operation ends with an event, too, which must go with its invocation.
        const unknown = new Set(out.filter(({ ret }) => ret === Infinity).map(({ process }) => process));
        const left = lines.filter((line: Line, i) => !gone.has(i) && !(line[1] === "info" && unknown.has(line[0])));
        expect(isLinearizable(left, object, initial)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    expect(removed).toBeGreaterThan(0);
  });
});
