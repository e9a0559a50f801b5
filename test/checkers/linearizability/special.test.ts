/** Special cases against the brute-force oracle, and their witnesses against both. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearizable, SEARCH } from "../../../checkers/linearizability/check.ts";
import { MODEL_MAKERS } from "../../../checkers/linearizability/models/index.ts";
import type { Json } from "../../../history/operation.ts";
import { isLinearizable } from "../oracle/linearizability.ts";
import { ORACLE_OBJECTS } from "../oracle/objects.ts";
import { arbitraryLines, asksOf } from "./arbitrary-operations.ts";
import { SPECIAL_KINDS } from "./arbitrary-special.ts";
import type { SpecialKind } from "./arbitrary-special.ts";
import { columnsOfLines, verdictOn } from "./columns-of-lines.ts";
import type { Line } from "./columns-of-lines.ts";

/** The locks are always decided by a special case where clients release what they acquired. */
const LOCKS: Readonly<Record<string, SpecialKind>> = Object.fromEntries(
  ["mutex", "semaphore", "owner-aware-mutex", "reentrant-mutex"].map((model) => [
    model,
    { model, begin: () => asksOf(model), decided: 40 },
  ]),
);

describe.each(Object.entries({ ...SPECIAL_KINDS, ...LOCKS }))("%s", (_, { model: name, begin, init, decided }) => {
  const model = MODEL_MAKERS.get(name)?.({ limit: 2 });
  const [object, initial = null] = ORACLE_OBJECTS[name] ?? [];

  it("is judged like by brute force, and what is found is a proof by itself", () => {
    if (model === undefined || object === undefined) throw new Error(`no model or no oracle for ${name}`);
    let histories = 0;
    let bySpecial = 0;
    fc.assert(
      fc.property(arbitraryLines(name, 7, begin), fc.nat(), (lines, choice) => {
        const start: Json = init?.[choice % init.length] ?? initial;
        const options = init === undefined ? {} : { init: start };
        const expected = isLinearizable(lines, object, start);
        const analysis = linearizable(columnsOfLines(lines), model, options);
        expect(analysis.valid, analysis.reason).toBe(verdictOn(lines, expected));
        histories += 1;
        if (!analysis.algorithm.includes(SEARCH)) bySpecial += 1;
        if (expected) return;
        const alone = analysis.witness.map((index) => lines[index] as Line);
        expect(isLinearizable(alone, object, start), analysis.reason).toBe(false);
        const again = linearizable(columnsOfLines(alone), model, options);
        expect(again.valid).toBe(false);
        if (!analysis.algorithm.includes(SEARCH)) expect(again.algorithm).not.toContain(SEARCH);
        expect(linearizable(columnsOfLines(alone), model, { ...options, searchOnly: true }).valid).toBe(false);
      }),
      { numRuns: 3_000 },
    );
    expect((bySpecial / histories) * 100).toBeGreaterThan(decided - 1);
  });
});

it("tries an unknown write of the value that is there, right after another write", () => {
  const lines: Line[] = [
    [1, "invoke", "write", 1],
    [0, "invoke", "cas", [1, 2]],
    [1, "info", "write", 1],
    [2, "invoke", "write", 3],
    [0, "ok", "cas", [1, 2]],
    [2, "ok", "write", 3],
    [0, "invoke", "read", null],
    [0, "ok", "read", 2],
  ];
  const model = MODEL_MAKERS.get("cas-register")?.({});
  if (model === undefined) throw new Error("no model");
  expect(linearizable(columnsOfLines(lines), model, { init: 1 }).valid).toBe(true);
});
