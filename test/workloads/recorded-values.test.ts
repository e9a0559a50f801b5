/** A workload that records what its vocabulary does not have does not compile. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { LOCK } from "../../history/vocabulary/lock.ts";
import { SET } from "../../history/vocabulary/registers.ts";
import { WORKLOADS } from "../../workloads/registry.ts";
import { role } from "../../workloads/role.ts";
import { VOCABULARIES } from "../../history/vocabulary/vocabularies.ts";

const { release, write } = LOCK;
const own = { key: "a", grant: "g" };

const wrong = role({ options: {}, events: { release, write } }, async (context) => {
  const client = context.client();
  // @ts-expect-error: the role does not record "extend"
  await client.operation("extend", own, async ({ ok }) => ok(own));
  // @ts-expect-error: the grant is missing
  await client.operation("release", { key: "a" }, async ({ ok }) => ok({ ...own, freed: true }));
  // @ts-expect-error: "freeed" is misspelt
  await client.operation("release", own, async ({ ok }) => ok({ ...own, freeed: true }));
  // @ts-expect-error: nobody reads "since"
  await client.operation("release", own, async ({ ok }) => ok({ ...own, freed: true, since: 1 }));
  // @ts-expect-error: the order of arrival is missing
  await client.operation("write", { ...own, value: 1 }, async ({ fail }) => fail({ ...own, value: 1 }, "stale-token"));
  // @ts-expect-error: the value of an ok is missing
  await client.operation("write", { ...own, value: 1 }, async () => ({ type: "ok", value: own }));
});

describe("a role", () => {
  it("has the names of the operations that it declares, or that it names", () => {
    expect(wrong.events).toEqual(["release", "write"]);
    expect(role({ options: { n: z.number() }, events: ["hit"] }, () => Promise.resolve()).events).toEqual(["hit"]);
    expect(role({ options: {}, events: SET }, () => Promise.resolve()).events).toEqual(["add", "read"]);
  });
});

describe("the roles of each workload", () => {
  it.each([...WORKLOADS.values()])("$name record the whole of its vocabulary", ({ name, roles }) => {
    const recorded = new Set(Object.values(roles).flatMap(({ events }) => events));
    const declared = Object.keys((VOCABULARIES as { readonly [name: string]: object })[name] ?? {});
    expect([...recorded].sort()).toEqual(declared.sort());
  });
});
