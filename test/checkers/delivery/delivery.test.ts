/** The delivery checker against its definitions, and on simulated channels. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { delivery } from "../../../checkers/delivery/delivery.ts";
import { arbitraryMessages } from "../arbitrary-messages.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import { disorderCount, duplicateCount, lossesOfGroup, lossesOfSubscribers, phantomCount } from "../oracle/messages.ts";
import { simulatedChannel } from "../simulated-channel.ts";

const RUNS = { numRuns: 2_000 };
const EACH = { send: "publish", audience: "each" };
const GROUP = { send: "add", audience: "group" };

describe("delivery on random histories", () => {
  it("finds exactly what subscribers lost, and where", () => {
    fc.assert(
      fc.property(arbitraryMessages("publish"), (history) => {
        const options = { ...EACH, property: "no-loss" };
        const expected = lossesOfSubscribers(history, "publish");
        const { count, figures, verdict } = delivery(history, options);
        expect(count).toBe(expected.connected + expected.disconnected + expected.edge);
        expect(figures["lost while connected"]).toBe(expected.connected);
        expect(figures["lost while disconnected"]).toBe(expected.disconnected);
        expect(verdict === "broken").toBe(count > 0);
        expectFindingsToSuffice(delivery, history, options);
      }),
      RUNS,
    );
  });

  it("finds exactly what a group lost or left unacknowledged", () => {
    fc.assert(
      fc.property(arbitraryMessages("add"), (history) => {
        const options = { ...GROUP, property: "no-loss" };
        const expected = lossesOfGroup(history, "add");
        const { count, verdict } = delivery(history, options);
        expect(count).toBe(expected.lost + expected.unacked);
        if (count === 0 && expected.perhaps > 0) expect(verdict).toBe("unknown");
        expectFindingsToSuffice(delivery, history, options);
      }),
      RUNS,
    );
  });

  it.each([EACH, GROUP])("finds exactly the duplicates, the disorder and the phantoms (%o)", (who) => {
    const audience = who.audience === "each" ? "each" : "group";
    const send = who.send === "publish" ? "publish" : "add";
    fc.assert(
      fc.property(arbitraryMessages(send), (history) => {
        expect(delivery(history, { ...who, property: "no-duplicate" }).count).toBe(duplicateCount(history, audience));
        expect(delivery(history, { ...who, property: "order" }).count).toBe(disorderCount(history, send));
        expect(delivery(history, { ...who, property: "no-phantom" }).count).toBe(phantomCount(history, send));
        for (const property of ["no-duplicate", "order", "no-phantom"])
          expectFindingsToSuffice(delivery, history, { ...who, property });
      }),
      RUNS,
    );
  });
});

describe("delivery on a simulated channel", () => {
  it("finds nothing where everything arrives", () => {
    fc.assert(
      fc.property(simulatedChannel({}), (history) => {
        for (const property of ["no-loss", "no-duplicate", "order", "no-phantom"]) {
          const result = delivery(history, { ...EACH, property });
          expect(["holds", "vacuous"], result.reason).toContain(result.verdict);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("finds the losses of a channel that forgets who is not connected, and sets them against its windows", () => {
    const results = fc
      .sample(simulatedChannel({ cuts: true }), 100)
      .map((history) => delivery(history, { ...EACH, property: "no-loss" }));
    const broken = results.filter(({ verdict }) => verdict === "broken");
    expect(broken.length).toBeGreaterThan(50);
    for (const { figures } of broken) expect(figures["lost while connected"]).toBe(0);
    expect(broken[0]?.findings[0]?.sentence).toMatch(/never received .* w1:.* inside its disconnected windows/);
  });

  it.each([
    [{ repeats: true }, "no-duplicate"],
    [{ swaps: true }, "order"],
    [{ invents: true }, "no-phantom"],
  ] as const)("finds out a channel that is wrong: %o", (flaws, property) => {
    const verdicts = fc
      .sample(simulatedChannel(flaws), 60)
      .map((history) => delivery(history, { ...EACH, property }).verdict);
    expect(verdicts.filter((verdict) => verdict === "broken").length).toBeGreaterThan(30);
  });
});
