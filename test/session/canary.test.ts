import { describe, expect, it } from "vitest";
import { campaigns } from "../../campaigns/index.ts";
import { canary } from "../../campaigns/canary.ts";
import { lockPlainDelete } from "../../campaigns/locks/releases/plain-delete.ts";
import { canaryExitCode } from "../../session/canary.ts";
import { EXIT } from "../../session/exit-code.ts";

// That a real canary is red, and its merged results too, is what test/cli/commands/runs/nightly.test.ts sees.
describe("the canary", () => {
  it("is the campaign of a lock that is known to break, with its claim made a promise", () => {
    const { claims, ...plan } = canary.plan(7);
    const original = lockPlainDelete.plan(7);
    expect({ ...plan, campaign: original.campaign, title: original.title }).toEqual({ ...original, claims: undefined });
    expect(claims).toEqual(original.claims.map((claim) => ({ ...claim, standing: "promised", expect: "holds" })));
    expect(claims.length).toBeGreaterThan(0);
  });

  it("is in no suite", () => {
    expect(campaigns.map(({ name }) => name)).not.toContain(canary.name);
  });

  it("is well only when it is red", () => {
    expect(canaryExitCode(EXIT.promiseBroken)).toBe(EXIT.wellDone);
    expect(canaryExitCode(EXIT.wellDone)).toBe(EXIT.harnessFailed);
    expect(canaryExitCode(EXIT.undecided)).toBe(EXIT.undecided);
    expect(canaryExitCode(EXIT.harnessFailed)).toBe(EXIT.harnessFailed);
    expect(canaryExitCode(130)).toBe(130);
  });
});
