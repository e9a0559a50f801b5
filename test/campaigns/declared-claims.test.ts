/** Claims of campaigns: the compiler knows the options of the checker that each names. */
import { describe, expect, expectTypeOf, it } from "vitest";
import type { ClaimOptions } from "../../campaigns/declare/declare.ts";
import { hoped, promised } from "../../campaigns/declare/declare.ts";
import { CHECKERS } from "../../checkers/registry.ts";
import type { CheckerName } from "../../checkers/registry.ts";

describe("a claim", () => {
  it("takes the options of its checker, and no misspelt one", () => {
    expectTypeOf<{ level: "grant"; minGrants: 3 }>().toExtend<ClaimOptions<"lock-overlap">>();
    expectTypeOf<{ level: "grnat" }>().not.toExtend<ClaimOptions<"lock-overlap">>();
    expectTypeOf<ClaimOptions<"lock-overlap">>().not.toHaveProperty("minGrant");
    expectTypeOf<{ property: "prompt" }>().not.toExtend<ClaimOptions<"lock-answer">>();
    expectTypeOf<{ property: "prompt"; boundMs: 5 }>().toExtend<ClaimOptions<"lock-answer">>();
  });

  it("takes the options of the model that it names", () => {
    expectTypeOf<{ model: "semaphore"; limit: 2 }>().toExtend<ClaimOptions<"linearizable">>();
    expectTypeOf<{ model: "semaphore" }>().not.toExtend<ClaimOptions<"linearizable">>();
    expectTypeOf<{ model: "regsiter" }>().not.toExtend<ClaimOptions<"linearizable">>();
    expectTypeOf<{ model: "list-append"; consistencyModel: "serializable" }>().toExtend<ClaimOptions<"elle">>();
    expectTypeOf<{ model: "bank" }>().not.toExtend<ClaimOptions<"invariant">>();
  });

  it("of a checker of one's own takes what that reads", () => {
    expectTypeOf<{ limit: number; names: string[] }>().toExtend<ClaimOptions<"my-checker">>();
    expect(hoped("kept", "Nothing is lost.", "", "my-checker", { limit: 1 }).options).toEqual({ limit: 1 });
  });

  it("needs no options where its checker needs none", () => {
    expect(promised("tokens", "Tokens rise.", "", "lock-token-order").options).toEqual({});
    expectTypeOf(promised<"lock-token-order">)
      .parameter(4)
      .toEqualTypeOf<ClaimOptions<"lock-token-order"> | undefined>();
    expectTypeOf(promised<"lock-load">)
      .parameter(4)
      .toEqualTypeOf<ClaimOptions<"lock-load">>();
  });
});

it("the names that the compiler knows are those of all checkers", () => {
  expectTypeOf<"lock-overlap" | "delivery" | "elle">().toExtend<CheckerName>();
  expectTypeOf<string>().not.toExtend<CheckerName>();
  for (const [name, checker] of CHECKERS) expect(checker.name).toBe(name);
});
