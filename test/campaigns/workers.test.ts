/** What a campaign says of its workers is refused by the compiler where it is wrong, and by the check of the plan. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { campaign } from "../../campaigns/declare/declare.ts";
import { reader, workers } from "../../campaigns/declare/workers.ts";
import { planProblem } from "../../runner/plan/plan-problem.ts";
import { addWorkload } from "../../workloads/registry.ts";
import { role } from "../../workloads/role.ts";

const FRAME = {
  name: "typed",
  title: "Typed",
  description: "",
  suite: "quick",
  system: { kind: "single", options: {} },
  loadMs: 1,
  claims: [],
} as const;
const LOCK = { ...FRAME, workload: "lock", options: { ttlMs: 1_000, lock: "simple" } } as const;

const own = {
  name: "typed-own",
  roles: { client: role({ options: { count: z.number() }, events: ["count"] }, () => Promise.resolve()) },
} as const;
addWorkload(own);

const problemOf = ({ plan }: ReturnType<typeof campaign>): string | undefined => planProblem(plan(1));

describe("a campaign is accepted whose workers", () => {
  it("have roles of its workload, of another one, or of one of the user's own", () => {
    const right = [
      campaign({ ...LOCK, workers: [...workers("client", 2, 1, { thinkMs: 5, extendAt: "granted" }), reader()] }),
      campaign({
        ...FRAME,
        workload: "set",
        options: { keys: ["a"], readShare: 10 },
        workers: [...workers("adder", 1), ...workers("register:client", 1, 2), reader("reader", "reader")],
      }),
      campaign({ ...FRAME, workload: own, options: { count: 1 }, workers: workers("client", 2) }),
      campaign({ ...FRAME, workload: own, workers: workers("client", 2, 1, { count: 1 }) }),
    ];
    expect(right.map(problemOf)).toEqual(right.map(() => undefined));
  });
});

describe("a campaign is refused by type and by the plan's check", () => {
  it("whose worker has a misspelt option", () => {
    // @ts-expect-error: the role client has no option thinkMS
    const misspelt = campaign({ ...LOCK, workers: workers("client", 2, 1, { thinkMS: 5 }) });
    expect(problemOf(misspelt)).toMatch(/no option "thinkMS" \(did you mean thinkMs/);
  });

  it("whose worker has a misspelt option beside a right one, and beside workers without any", () => {
    const team = [...workers("client", 1), ...workers("client", 2, 2, { thinkMs: 5, thinkMS: 5 }), reader()] as const;
    // @ts-expect-error: the role client has no option thinkMS
    expect(problemOf(campaign({ ...LOCK, workers: team }))).toMatch(/no option "thinkMS"/);
  });

  it("whose worker has an option of the same role of another workload", () => {
    // @ts-expect-error: the role client has no option readShare
    expect(problemOf(campaign({ ...LOCK, workers: workers("client", 2, 1, { readShare: 5 }) }))).toMatch(/readShare/);
  });

  it("whose worker has an option of another type", () => {
    // @ts-expect-error: the option thinkMs of client has another type
    const wrong = campaign({ ...LOCK, workers: workers("client", 2, 1, { thinkMs: "5" }) });
    expect(problemOf(wrong)).toMatch(/wrong option "thinkMs"/);
  });

  it("whose worker has a role that does not exist", () => {
    // @ts-expect-error: there is no role cleint
    expect(problemOf(campaign({ ...LOCK, workers: workers("cleint", 2) }))).toMatch(/no role "cleint"/);
    // @ts-expect-error: there is no role register:adder
    expect(problemOf(campaign({ ...LOCK, workers: workers("register:adder", 2) }))).toMatch(/no role "adder"/);
    // @ts-expect-error: there is no role adder
    expect(problemOf(campaign({ ...FRAME, workload: own, workers: workers("adder", 2) }))).toMatch(/no role "adder"/);
  });

  it("whose workload does not exist", () => {
    // @ts-expect-error: there is no workload "lokc"
    expect(problemOf(campaign({ ...FRAME, workload: "lokc", workers: workers("client", 2) }))).toMatch(/"lokc"/);
  });

  it("whose shared options have one that no role of its workers takes", () => {
    // @ts-expect-error: nobody takes ttlMS
    const misspelt = campaign({ ...LOCK, options: { ttlMs: 1, ttlMS: 1 }, workers: workers("client", 2) });
    expect(problemOf(misspelt)).toMatch(/no option "ttlMS" \(did you mean ttlMs/);
    // @ts-expect-error: survey is an option of the reader, and there is none
    const absent = campaign({ ...LOCK, options: { ttlMs: 1, survey: true }, workers: workers("client", 2) });
    expect(problemOf(absent)).toMatch(/no option "survey"/);
  });
});
