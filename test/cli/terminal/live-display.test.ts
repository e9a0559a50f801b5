import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { liveDisplay } from "../../../cli/terminal/live-display.ts";

class Stream {
  readonly isTTY: boolean;
  readonly columns = 60;
  text = "";
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.text += text;
  }
}

const UP = /(\u001B\[\d+A\u001B\[J)/;

/** What a terminal shows in the end: cursor up and erase below are obeyed, colours are left out. */
function screen(text: string): string[] {
  const lines: string[] = [];
  for (const part of text.split(UP)) {
    if (UP.test(part)) lines.splice(lines.length - Number.parseInt(part.slice(2), 10));
    else lines.push(...stripVTControlCharacters(part).split("\n").slice(0, -1));
  }
  return lines;
}

const moment = { fault: "pause", target: ["w1"], title: "SIGSTOP w1" };

describe("on a terminal", () => {
  it("shows one line per running campaign, no wider than the terminal, above which finished ones stay", () => {
    const stream = new Stream(true);
    {
      using display = liveDisplay(stream);
      const first = display.start("lock-simple");
      const second = display.start("a-campaign-with-a-very-long-name-indeed");
      first.observer({ kind: "phase", phase: "load" });
      first.observer({ kind: "fault", moment: { ...moment, stage: "active" } });
      second.observer({ kind: "operations", ok: 1_000, fail: 0, info: 0, perSecond: 500 });
      display.say("a note");
      const shown = screen(stream.text);
      expect(shown).toHaveLength(3);
      expect(shown[0]).toBe("a note");
      expect(shown[1]).toMatch(/^lock-simple {2}load {2}\d+ s {2}SIGSTOP w1$/);
      expect(shown[2]).toMatch(/^a-campaign-with-a-very-long-name-indeed {2}start .*…$/);
      expect(Math.max(...shown.map((line) => line.length))).toBeLessThan(stream.columns);

      first.observer({ kind: "fault", moment: { ...moment, stage: "healed" } });
      second.end("second passed", 2);
      expect(screen(stream.text)).toEqual([
        "a note",
        "second passed",
        expect.stringMatching(/^lock-simple {2}load {2}\d+ s {2}2 claims broken so far$/),
      ]);
      first.end("first passed");
    }
    expect(screen(stream.text)).toEqual(["a note", "second passed", "first passed"]);
  });

  it("tells a note that several campaigns share only once", () => {
    const stream = new Stream(true);
    using display = liveDisplay(stream);
    for (const name of ["one", "two"]) display.start(name).observer({ kind: "note", text: "host: plain processes" });
    expect(screen(stream.text).filter((line) => line.startsWith("host:"))).toHaveLength(1);
  });
});

describe("elsewhere", () => {
  it("writes plain lines without control characters", () => {
    const stream = new Stream(false);
    using display = liveDisplay(stream);
    const line = display.start("lock-simple");
    line.observer({ kind: "phase", phase: "load" });
    line.observer({ kind: "fault", moment: { ...moment, stage: "active" } });
    line.end("lock-simple passed");
    expect(stream.text).toMatch(
      /^lock-simple +0\.0 s {2}phase load\nlock-simple +0\.0 s {2}fault pause: SIGSTOP w1: active\nlock-simple passed\n$/,
    );
  });
});
