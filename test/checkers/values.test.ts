/** The checkers of sets, registers and availability against their definitions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { availability } from "../../checkers/availability.ts";
import { ValueError } from "../../history/vocabulary/read.ts";
import { registerSurvival as register } from "../../checkers/survival/register.ts";
import { setSurvival as set } from "../../checkers/survival/set.ts";
import { stopsAccepting } from "../../checkers/stops-accepting.ts";
import { arbitraryValues } from "./arbitrary-values.ts";
import { expectFindingsToSuffice } from "./findings-suffice.ts";
import { lateAcknowledgements, outages, registerOracle, setOracle } from "./oracle/values.ts";
import { historyOf, phaseRow, row } from "./history-of.ts";
import { simulatedStore } from "./simulated-store.ts";

const RUNS = { numRuns: 2_000 };

describe("set", () => {
  it.each(["acknowledged-survive", "refused-absent", "no-phantom"] as const)(
    "finds exactly what its definition of %s names",
    (property) => {
      fc.assert(
        fc.property(arbitraryValues("set"), (history) => {
          const result = set(history, { property });
          expect(result.count).toBe(setOracle[property](history));
          expectFindingsToSuffice(set, history, { property });
        }),
        RUNS,
      );
    },
  );
});

describe("register", () => {
  it.each(["acknowledged-survive", "no-stale-read", "refused-absent"] as const)(
    "finds exactly what its definition of %s names",
    (property) => {
      fc.assert(
        fc.property(arbitraryValues("register"), (history) => {
          const result = register(history, { property });
          expect(result.count).toBe(registerOracle[property](history));
          expectFindingsToSuffice(register, history, { property });
        }),
        RUNS,
      );
    },
  );
});

describe("a store", () => {
  const properties = {
    set: ["acknowledged-survive", "refused-absent", "no-phantom"],
    register: ["acknowledged-survive", "no-stale-read", "refused-absent"],
  };
  const checkers = { set, register };

  it.each(["set", "register"] as const)(
    "that is correct gives no finding, though answers are lost and writes take effect late (%s)",
    (kind) => {
      fc.assert(
        fc.property(simulatedStore(kind, {}), (history) => {
          for (const property of properties[kind]) {
            const result = checkers[kind](history, { property });
            expect(["holds", "vacuous"], result.reason).toContain(result.verdict);
          }
        }),
        { numRuns: 500 },
      );
    },
  );

  it.each([
    ["set", { forgets: true }, "acknowledged-survive"],
    ["set", { appliesRefused: true }, "refused-absent"],
    ["register", { forgets: true }, "acknowledged-survive"],
    ["register", { stale: true }, "no-stale-read"],
    ["register", { appliesRefused: true }, "refused-absent"],
  ] as const)("that is wrong is found out: %s %o", (kind, flaws, property) => {
    const verdicts = fc
      .sample(simulatedStore(kind, flaws), 60)
      .map((history) => checkers[kind](history, { property }).verdict);
    expect(verdicts.filter((verdict) => verdict === "broken").length).toBeGreaterThan(30);
  });
});

describe("a history of both sets and registers", () => {
  const rows = [
    phaseRow(0, "load"),
    row(1, 1, "invoke", "add", ["s", 1]),
    row(2, 1, "ok", "add", ["s", 1]),
    row(3, 2, "invoke", "write", ["r", 1]),
    row(4, 2, "ok", "write", ["r", 1]),
    row(5, 2, "invoke", "read", ["r", null]),
    row(6, 2, "ok", "read", ["r", 1]),
    phaseRow(7, "heal"),
    phaseRow(8, "final"),
    row(9, 3, "invoke", "read", ["s", null]),
    row(10, 3, "ok", "read", ["s", [1]]),
    row(11, 3, "invoke", "read", ["r", null]),
    row(12, 3, "ok", "read", ["r", 1]),
  ];

  it("is judged by each checker for its own keys", () => {
    for (const property of ["acknowledged-survive", "no-phantom"])
      expect(set(historyOf(rows), { property }).verdict).toBe("holds");
    for (const property of ["acknowledged-survive", "no-stale-read"])
      expect(register(historyOf(rows), { property }).verdict).toBe("holds");
  });

  it("is not judged where a set was read as a register", () => {
    const mixed = historyOf([...rows, row(13, 3, "invoke", "read", ["s", null]), row(14, 3, "ok", "read", ["s", 1])]);
    expect(() => set(mixed, { property: "no-phantom" })).toThrow(ValueError);
  });
});

describe("availability", () => {
  it("measures exactly the outages of its definition", () => {
    fc.assert(
      fc.property(arbitraryValues("register"), fc.integer({ min: 1, max: 12 }), (history, boundMs) => {
        const options = { f: ["write"], boundMs, afterFault: "cut" };
        const lengths = outages(history, ["write"]);
        const result = availability(history, options);
        expect(result.figures["longest outage ms"]).toBe(Math.max(0, ...lengths));
        expect(result.count).toBe(lengths.filter((length) => length > boundMs).length);
        expectFindingsToSuffice(availability, history, options);
      }),
      RUNS,
    );
  });
});

describe("stops-accepting", () => {
  it("finds exactly the acknowledgements that came too late", () => {
    fc.assert(
      fc.property(arbitraryValues("register"), fc.nat(6), (history, afterMs) => {
        const options = { fault: "cut", afterMs, f: ["write", "read"] };
        expect(stopsAccepting(history, options).count).toBe(lateAcknowledgements(history, ["write", "read"], afterMs));
        expectFindingsToSuffice(stopsAccepting, history, options);
      }),
      RUNS,
    );
  });
});
