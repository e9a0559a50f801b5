/** What may come next in a schedule's text, for every kind of fault. */
import { describe, expect, it } from "vitest";
import { optionNames } from "../../../nemesis/fault-options.ts";
import { FAULT_KINDS, faultKind } from "../../../nemesis/registry.ts";
import { nextInSchedule } from "../../../nemesis/schedule/next-words.ts";

const textsAfter = (text: string): string[] => nextInSchedule(text).map(([next]) => next);

describe("what may come next in a schedule", () => {
  it.each(["", "at 1s: kill n1; ", "# a comment\n"])("is a moment after %j", (text) => {
    expect(textsAfter(text)).toEqual(["at ", "on ", "when ", "after "].map((word) => `${text}${word}`));
  });

  it("is a kind of fault after a moment, with a name or without one", () => {
    expect(textsAfter("at 1s: ")).toEqual(FAULT_KINDS.map((kind) => `at 1s: ${kind}`));
    expect(textsAfter("cut: after kill healed +200ms: clock-j")).toEqual(["cut: after kill healed +200ms: clock-jump"]);
    expect(textsAfter("at 1s: kill n1; on acquire #5: pau")).toEqual(["at 1s: kill n1; on acquire #5: pause"]);
  });

  it.each(FAULT_KINDS)("is each option of %s after what it strikes, and its end", (kind) => {
    const written = `at 1s: ${kind} n1 `;
    expect(textsAfter(written)).toEqual([
      ...optionNames(faultKind(kind).options).map((name) => `${written}${name}=`),
      `${written}for `,
      `${written}until `,
    ]);
  });

  it("is no option that is written already, and nothing after a kind that does not exist", () => {
    expect(textsAfter("at 1s: kill n1 keepData=true k")).not.toContain("at 1s: kill n1 keepData=true keepData=");
    expect(textsAfter("at 1s: klil n1 ")).toEqual([]);
  });
});
