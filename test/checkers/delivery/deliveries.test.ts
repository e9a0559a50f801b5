/** The delivery checker on what the delivery workload records, against its definitions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { delivery } from "../../../checkers/delivery/delivery.ts";
import { arbitraryDeliveries } from "../arbitrary-messages.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import { historyOf, phaseRow, row } from "../history-of.ts";
import {
  deliveredAgain,
  effectsTwice,
  lossesOfConsumers,
  misplaced,
  moreThanCounted,
  refusedFor,
} from "../oracle/deliveries.ts";

const RUNS = { numRuns: 1_000 };
const EACH = { send: "publish", audience: "each" };
const GROUP = { send: "publish", audience: "group" };

describe("delivery on random histories of the delivery workload", () => {
  it.each([1, 100] as const)("finds exactly what consumers lost, and where (steps of up to %i × 4 ms)", (scale) => {
    fc.assert(
      fc.property(arbitraryDeliveries(scale), (history) => {
        const expected = lossesOfConsumers(history);
        const { figures } = delivery(history, { ...EACH, property: "no-loss" });
        expect(figures["lost while connected"]).toBe(expected.connected);
        expect(figures["lost while disconnected"]).toBe(expected.disconnected);
        expect(figures["lost on the edge"]).toBe(expected.edge);
        expect(delivery(history, { ...EACH, property: "no-loss-unknown-to-app" }).count).toBe(expected.connected);
        expect(delivery(history, { ...EACH, property: "no-loss-connected" }).count).toBe(expected.clean);
        for (const property of ["no-loss", "no-loss-unknown-to-app", "no-loss-connected"])
          expectFindingsToSuffice(delivery, history, { ...EACH, property });
      }),
      RUNS,
    );
  });

  it.each([EACH, GROUP])("finds exactly what was refused and not offered again in time (%o)", (who) => {
    fc.assert(
      fc.property(arbitraryDeliveries(1), fc.constantFrom(1, 10, 40), (history, boundMs) => {
        const options = { ...who, property: "offered-again", boundMs };
        const expected = refusedFor(history, who === EACH ? "each" : "group", boundMs);
        const { count, verdict } = delivery(history, options);
        expect(count).toBe(expected.late);
        if (count === 0 && expected.open > 0) expect(verdict).toBe("unknown");
        expectFindingsToSuffice(delivery, history, options);
      }),
      RUNS,
    );
  });

  it("finds exactly the messages that came before their due time, and long after it", () => {
    fc.assert(
      fc.property(arbitraryDeliveries(1), fc.constantFrom(1, 10, 40), (history, boundMs) => {
        const options = { ...GROUP, property: "on-time", boundMs, earlyMs: 0 };
        const { figures } = delivery(history, options);
        const { early, late } = misplaced(history, boundMs, 0);
        expect([figures["early"], figures["late"]]).toEqual([early, late]);
        expectFindingsToSuffice(delivery, history, options);
      }),
      RUNS,
    );
  });

  it("finds exactly the messages with two effects, and those that more received than were counted", () => {
    fc.assert(
      fc.property(arbitraryDeliveries(1), (history) => {
        expect(delivery(history, { ...GROUP, property: "one-effect" }).count).toBe(effectsTwice(history));
        expect(delivery(history, { ...EACH, property: "receivers" }).count).toBe(moreThanCounted(history));
        expectFindingsToSuffice(delivery, history, { ...GROUP, property: "one-effect" });
        expectFindingsToSuffice(delivery, history, { ...EACH, property: "receivers" });
      }),
      RUNS,
    );
  });

  it("does not take for a duplicate what comes again because its handler refused it", () => {
    fc.assert(
      fc.property(arbitraryDeliveries(1), (history) => {
        for (const audience of ["each", "group"] as const) {
          const options = { send: "publish", audience, property: "no-duplicate" };
          expect(delivery(history, options).count).toBe(deliveredAgain(history, audience));
          expectFindingsToSuffice(delivery, history, options);
        }
      }),
      RUNS,
    );
  });

  it("finds every entry that a group has left in the end", () => {
    fc.assert(
      fc.property(arbitraryDeliveries(1), (history) => {
        const options = { ...GROUP, property: "drained" };
        const { verdict, count } = delivery(history, options);
        expect(verdict === "broken").toBe(count > 0);
        expectFindingsToSuffice(delivery, history, options);
      }),
      RUNS,
    );
  });
});

describe("properties of one audience", () => {
  it.each([
    ["no-loss-connected", GROUP, "each"],
    ["no-loss-unknown-to-app", GROUP, "each"],
    ["one-effect", EACH, "group"],
  ])("%s is refused for the other one", (property, who, audience) => {
    expect(() => delivery(historyOf([]), { ...who, property })).toThrow(`give it the audience "${audience}"`);
  });
});

describe("what observers and readers see of other lanes", () => {
  it("is not held against those who did not send there", () => {
    const ours = { channel: "a", message: "w0:1" };
    const group = { name: "g", pending: 2, lag: 0, oldestIdleMs: 9, mostDeliveries: 1 };
    const seen = { subscribers: 0, shardSubscribers: 0, patterns: 0 };
    const drained = { ...group, pending: 0, oldestIdleMs: null, mostDeliveries: null };
    const channels = [
      { ...seen, channel: "a", groups: [drained] },
      { ...seen, channel: "b", groups: [group] },
    ];
    const twice = ["d1", "d2"].map((each) => ({ message: "w1:1", delivery: each }));
    const history = historyOf([
      phaseRow(0, "load"),
      row(1, 0, "invoke", "publish", ours),
      row(2, 0, "ok", "publish", { ...ours, receivers: null }),
      phaseRow(3, "heal"),
      phaseRow(4, "final"),
      row(5, 1, "invoke", "observe", { node: "n1" }),
      row(6, 1, "ok", "observe", { node: "n1", channels }),
      row(5, 2, "invoke", "effects", { channel: "a" }),
      row(6, 2, "ok", "effects", { channel: "a", effects: [{ message: "w0:1", delivery: "d0" }] }),
      row(7, 2, "invoke", "effects", { channel: "b" }),
      row(8, 2, "ok", "effects", { channel: "b", effects: twice }),
    ]);
    for (const property of ["drained", "one-effect"])
      expect(delivery(history, { ...GROUP, property }).verdict).toBe("holds");
  });
});
