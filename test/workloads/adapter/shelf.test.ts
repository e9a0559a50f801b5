/** What redquake brings along is found by its name, whatever kind it is of. */
import { describe, expect, it } from "vitest";
import { ADAPTER_KINDS, kindThatHas, SHELVES } from "../../../workloads/adapter-kinds.ts";

describe("the shelves of all kinds", () => {
  it("have no name twice, so that a name tells the kind", () => {
    const names = SHELVES.flatMap(({ names: each }) => each);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it.each(ADAPTER_KINDS)(
    "give each $kind by its name, and compare neither specimens nor variants",
    ({ kind, shelf }) => {
      for (const name of shelf.names) {
        expect(shelf.named(name).name).toBe(name);
        expect(kindThatHas(name)?.kind).toBe(kind);
      }
      for (const name of shelf.compared) expect(shelf.flawOf(name), name).toBeUndefined();
      expect(shelf.compared.length).toBeLessThan(shelf.names.length);
    },
  );

  it.each(ADAPTER_KINDS)("name the nearest $kind where there is none of that name", ({ shelf }) => {
    const [first = ""] = shelf.names;
    expect(() => shelf.named(`${first}x`)).toThrow(new RegExp(`there is no .*did you mean.*`));
  });
});
