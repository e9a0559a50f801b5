/** What became of a client's commands: by hand, and against the definition. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { availability } from "../../../checkers/availability.ts";
import { clientCalls } from "../../../checkers/client/client-calls.ts";
import type { Row } from "../history-of.ts";
import { faultRow, historyOf, phaseRow, row } from "../history-of.ts";
import { violations } from "../oracle/client.ts";
import type { ClientFlaws } from "../simulated-client.ts";
import { simulatedClient } from "../simulated-client.ts";

const KEY = "client:{a}:list";

function call(
  ms: number,
  element: string,
  end: "ok" | "fail" | "info" | undefined,
  more: { unsettled?: true } = {},
): Row[] {
  const value = { via: "command", command: "RPUSH", key: KEY, elements: [element] };
  const process = 1 + 10 * ms;
  const invoke = row(ms, process, "invoke", "call", value);
  if (end === undefined) return [invoke];
  const completion = end === "ok" ? { ...value, replies: [1] } : { ...value, ...more };
  return [invoke, row(ms + 1, process, end, "call", completion, end === "ok" ? {} : { error: "Command timed out" })];
}

function traces(ms: number, elements: readonly string[]): Row[] {
  return [
    row(ms, 9, "invoke", "traces", { key: KEY }),
    row(ms + 0.5, 9, "ok", "traces", { key: KEY, elements: [...elements], count: null }),
  ];
}

const run = (calls: readonly Row[], found: readonly string[], probes: readonly Row[] = []) =>
  historyOf([
    phaseRow(0, "load"),
    ...calls,
    ...probes,
    phaseRow(90, "heal"),
    phaseRow(95, "final"),
    ...traces(96, found),
  ]);

describe("client-calls", () => {
  it("once holds where each success was found once, and whatever else may have happened", () => {
    const history = run([...call(1, "a", "ok"), ...call(3, "b", "info"), ...call(5, "c", "fail")], ["a", "b"]);
    expect(clientCalls(history, { property: "once" })).toMatchObject({ verdict: "holds", count: 0 });
  });

  it("once is broken by a success that is not there, and by one that is there twice", () => {
    const history = run([...call(1, "a", "ok"), ...call(3, "b", "ok")], ["b", "b"]);
    const result = clientCalls(history, { property: "once" });
    expect(result).toMatchObject({ verdict: "broken", count: 2 });
    expect(result.findings.map(({ kind }) => kind)).toEqual(["lost", "doubled"]);
    expect(result.findings[1]?.sentence).toContain("It was carried out twice: the RPUSH of b to client:{a}:list");
  });

  it("once is unknown where a key was not read in the end", () => {
    const history = historyOf([phaseRow(0, "load"), ...call(1, "a", "ok"), phaseRow(95, "final")]);
    expect(clientCalls(history, { property: "once" })).toMatchObject({ verdict: "unknown" });
  });

  it("refused-nothing is broken by what was refused and is there, and is not applicable without a refusal", () => {
    const broken = run([...call(1, "a", "ok"), ...call(3, "b", "fail")], ["a", "b"]);
    expect(clientCalls(broken, { property: "refused-nothing" })).toMatchObject({ verdict: "broken", count: 1 });
    const none = run(call(1, "a", "ok"), ["a"]);
    expect(clientCalls(none, { property: "refused-nothing" })).toMatchObject({
      verdict: "vacuous",
      inapplicable: true,
    });
  });

  it("no-ghost tells what came later from what had come already when its caller was told", () => {
    const calls = [...call(1, "a", "ok"), ...call(10, "b", "info"), ...call(20, "c", "info")];
    const probes = [...traces(30, ["a", "b"]), ...traces(50, ["a", "b", "c"])];
    const { findings, count } = clientCalls(run(calls, ["a", "b", "c"], probes), { property: "no-ghost" });
    expect(count).toBe(2);
    expect(findings.map(({ kind }) => kind)).toEqual(["ghost", "failed-happened"]);
    expect(findings[0]?.sentence).toContain("at 0.030 s it was not there yet, and at 0.051 s it was");
  });

  it("settles is broken by a call that redquake had to give up, and tells what it came to later", () => {
    const late = { elements: ["a"], end: "rejected", error: "Connection is closed.", afterMs: 30 };
    const rows = [
      ...call(1, "a", "info", { unsettled: true }),
      row(40, 2, "invoke", "late", { elements: ["a"] }),
      row(40, 2, "ok", "late", late),
      ...call(50, "b", "info", { unsettled: true }),
      ...call(60, "c", "ok"),
    ];
    const result = clientCalls(run(rows, ["c"]), { property: "settles" });
    expect(result).toMatchObject({ verdict: "broken", count: 2, figures: { "never settled": 1 } });
    expect(result.findings.map(({ kind }) => kind)).toEqual(["never-settled", "late"]);
    expect(result.findings[1]?.sentence).toContain("at 0.040 s it rejected: Connection is closed.");
  });

  it("settles does not blame a client whose process was stopped", () => {
    const rows = [
      faultRow(10, "pause", "inject", ["w1"]),
      faultRow(11, "pause", "active", ["w1"]),
      ...call(9, "a", "info", { unsettled: true }).map((each) => (each.type === "info" ? { ...each, ms: 80 } : each)),
      faultRow(70, "pause", "healed", ["w1"]),
      ...call(82, "b", "ok"),
    ];
    expect(clientCalls(run(rows, ["b"]), { property: "settles" })).toMatchObject({ verdict: "holds" });
  });

  it("a shorter bound counts calls that settled, but too late", () => {
    const slow = call(1, "a", "ok").map((each) => (each.type === "ok" ? { ...each, ms: 60 } : each));
    const history = run([...slow, ...call(62, "b", "ok")], ["a", "b"]);
    expect(clientCalls(history, { property: "settles" })).toMatchObject({ verdict: "holds" });
    expect(clientCalls(history, { property: "settles", boundMs: 50 })).toMatchObject({ verdict: "broken", count: 1 });
  });

  it.each<[property: string, flaws: ClientFlaws]>([
    ["once", {}],
    ["no-duplicate", {}],
    ["refused-nothing", {}],
    ["atomic", {}],
    ["settles", {}],
  ])("%s is never broken by a client that is right", (property, flaws) => {
    fc.assert(
      fc.property(simulatedClient(flaws), (history) => {
        expect(clientCalls(history, { property }).verdict).not.toBe("broken");
      }),
    );
  });

  it.each<[property: Parameters<typeof violations>[1]]>([
    ["once"],
    ["no-duplicate"],
    ["refused-nothing"],
    ["no-ghost"],
  ])("%s counts what its definition counts", (property) => {
    const flaws = fc.record({ doubles: fc.boolean(), loses: fc.boolean(), carriesOutRefused: fc.boolean() });
    fc.assert(
      fc.property(flaws.chain(simulatedClient), (history) => {
        expect(clientCalls(history, { property }).count).toBe(violations(history, property));
      }),
    );
  });

  it("atomic finds every transaction that was carried out in part", () => {
    fc.assert(
      fc.property(simulatedClient({ tearsTransactions: true }), (history) => {
        const torn = history.operations.filter(
          ({ completion, invoke }) =>
            completion?.type === "ok" && (invoke.value as { via: string }).via === "transaction",
        );
        expect(clientCalls(history, { property: "atomic" }).count).toBe(torn.length);
      }),
    );
  });

  it("settles finds every call that hangs", () => {
    fc.assert(
      fc.property(simulatedClient({ hangs: true }), (history) => {
        const hanging = history.operations.filter(({ completion }) => completion?.type === "info");
        expect(clientCalls(history, { property: "settles" }).count).toBe(hanging.length);
      }),
    );
  });
});

describe("availability of each", () => {
  const of = (ms: number, worker: number, key: string, end: "ok" | "fail"): Row[] => {
    const value = { via: "command", command: "RPUSH", key, elements: [`w${worker}-${ms}`] };
    const process = worker + 10 * ms;
    return [row(ms, process, "invoke", "call", value), row(ms + 1, process, end, "call", value)];
  };
  const options = { f: ["call"], boundMs: 30, afterFault: "cut" };
  const cut = [
    faultRow(10, "cut", "inject", ["n1"]),
    faultRow(11, "cut", "active", ["n1"]),
    faultRow(20, "cut", "healed", ["n1"]),
  ];
  const steps = Array.from({ length: 18 }, (_, i) => 2 + 5 * i);
  const history = historyOf([
    phaseRow(0, "load"),
    ...cut,
    ...steps.flatMap((ms) => of(ms, 1, "a", "ok")),
    ...steps.flatMap((ms) => of(ms + 1, 2, "a", ms < 10 ? "ok" : "fail")),
    phaseRow(100, "heal"),
  ]);

  it("one worker that never comes back is not hidden by another", () => {
    expect(availability(history, options)).toMatchObject({ verdict: "holds" });
    const result = availability(history, { ...options, each: ["worker"] });
    expect(result).toMatchObject({ verdict: "broken", count: 1, figures: { groups: 2, "never again": 1 } });
    expect(result.findings[0]).toMatchObject({ kind: "never-again" });
    expect(result.findings[0]?.sentence).toContain("by w2");
  });

  it("what lasted no longer than the fault does not count from its heal on", () => {
    const back = historyOf([
      phaseRow(0, "load"),
      ...cut,
      ...[2, 14, 22, 40, 60, 80].flatMap((ms) => of(ms, 1, "a", ms === 14 ? "fail" : "ok")),
      phaseRow(100, "heal"),
    ]);
    const each = { ...options, boundMs: 25, each: ["worker", "subject"] };
    expect(availability(back, { ...each, boundMs: 5, from: "injection" })).toMatchObject({ verdict: "broken" });
    expect(availability(back, { ...each, from: "heal" })).toMatchObject({ verdict: "holds" });
  });
});
