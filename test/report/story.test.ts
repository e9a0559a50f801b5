import { describe, expect, it } from "vitest";
import { History } from "../../history/history.ts";
import type { EventType, HistoryEvent, Json } from "../../history/operation.ts";
import { faultRecords, momentInWords } from "../../report/fault-record.ts";
import { holdsOf, validUntil } from "../../report/holds.ts";
import { storyDiagram } from "../../report/story-diagram.ts";
import { tellStory } from "../../report/story.ts";
import { lockRun } from "./lock-run.ts";

/** Events from `[ms, process, type, f, value]`, all by one worker per process. */
function historyOf(...lines: readonly (readonly [number, number | "nemesis", EventType, string, Json])[]): History {
  return new History(
    lines.map(([ms, process, type, f, value], index): HistoryEvent => {
      const event = { index, time: ms * 1e6, process, type, f, value };
      return process === "nemesis" ? event : { ...event, worker: `w${process}` };
    }),
  );
}

const pausedHolder = historyOf(
  [0, 1, "invoke", "acquire", "a"],
  [1, 1, "ok", "acquire", { key: "a", grant: "w1-1", token: 1, validForMs: 100 }],
  [5, "nemesis", "info", "pause", { fault: "p", stage: "inject", target: ["w1"], title: "SIGSTOP w1" }],
  [
    6,
    "nemesis",
    "info",
    "pause",
    { fault: "p", stage: "active", target: ["w1"], title: "SIGSTOP w1", probe: { ok: true, saw: "stopped" } },
  ],
  [110, 2, "invoke", "acquire", "a"],
  [120, 2, "ok", "acquire", { key: "a", grant: "w2-1", token: 2, validForMs: 100 }],
  [300, "nemesis", "info", "pause", { fault: "p", stage: "heal", target: ["w1"], title: "SIGSTOP w1" }],
  [301, "nemesis", "info", "pause", { fault: "p", stage: "healed", target: ["w1"], title: "SIGSTOP w1" }],
  [302, 1, "invoke", "write", { key: "a", grant: "w1-1", value: 9, held: true, remainingMs: 95 }],
  [303, 1, "ok", "write", { key: "a", grant: "w1-1", value: 9, seq: 4 }],
  [304, 1, "invoke", "release", { key: "a", grant: "w1-1" }],
);

describe("holds", () => {
  it("last from acquire to release, or to the last sign of life, and know when their validity ended", () => {
    expect(holdsOf(pausedHolder)).toMatchObject([
      {
        lane: "w1",
        grant: "w1-1",
        token: 1,
        fromUs: 1000,
        toUs: 304_000,
        released: true,
        validity: [{ atUs: 1000, untilUs: 101_000 }],
      },
      {
        lane: "w2",
        grant: "w2-1",
        token: 2,
        fromUs: 120_000,
        toUs: 120_000,
        released: false,
        validity: [{ untilUs: 220_000 }],
      },
    ]);
  });

  it("are prolonged only by a word that cannot come from before", () => {
    const said = (ms: number, remainingMs: number): History =>
      historyOf(
        [0, 1, "invoke", "acquire", "a"],
        [1, 1, "ok", "acquire", { key: "a", grant: "g", validForMs: 100 }],
        [ms, 1, "invoke", "write", { key: "a", grant: "g", value: 1, held: true, remainingMs }],
      );
    const until = (history: History): number | undefined => holdsOf(history).map((hold) => validUntil(hold))[0];
    expect(until(said(90, 195))).toBe(285_000);
    expect(until(said(90, 11))).toBe(101_000);
    // Asked before a pause, recorded after it: true when it was said, and no renewal.
    expect(until(said(900, 98))).toBe(101_000);
  });
});

describe("a story", () => {
  const finding = { kind: "overlap", sentence: "Both held it.", events: [8, 1, 5] };
  const story = tellStory(finding, pausedHolder, holdsOf(pausedHolder));

  it("is told in the order of time, with the faults between", () => {
    expect(
      story.steps.map((step) =>
        step.kind === "event"
          ? `${step.number} ${step.who} ${step.event.f}`
          : `${step.moment.title} ${step.moment.stage}`,
      ),
    ).toEqual(["1 w1 acquire", "SIGSTOP w1 active", "2 w2 acquire", "SIGSTOP w1 heal", "3 w1 write"]);
  });

  it("says what each worker believed", () => {
    expect(story.steps.flatMap((step) => (step.kind === "event" ? step.belief : []))).toEqual([
      "holds it, valid for 100 ms: until 101.000",
      "holds it, valid for 100 ms: until 220.000",
      "its library had said: held, 95 ms left; but its validity had ended 201 ms before",
    ]);
  });

  it("names the faults that were in effect before it began", () => {
    const later = tellStory({ ...finding, events: [5, 8] }, pausedHolder, holdsOf(pausedHolder));
    expect(later.inEffect.map((moment) => moment.title)).toEqual(["SIGSTOP w1"]);
  });

  it("bears events that the history does not have", () => {
    const lost = tellStory({ ...finding, events: [1, 99_999] }, pausedHolder, []);
    expect(lost).toMatchObject({ untold: 1, steps: [{ kind: "event" }] });
    expect(tellStory({ ...finding, events: [] }, pausedHolder, [])).toMatchObject({ steps: [], untold: 0 });
  });

  it("is drawn with its numbers, the fault, and the part of the hold that had run out", () => {
    const drawing = storyDiagram(story, [
      { id: "p", kind: "pause", title: "SIGSTOP w1", target: ["w1"], injectUs: 5000, activeUs: 6000, healUs: 300_000 },
    ]);
    expect(drawing?.text.match(/class="marker"/g)).toHaveLength(3);
    expect(drawing?.text).toContain('class="hold-expired"');
    expect(drawing?.text).toContain("SIGSTOP w1");
    expect(drawing?.text).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe("faults", () => {
  it("show the plan's intention beside what happened, also when nothing did", () => {
    const { plan, history } = lockRun({ seed: 1, workers: 3, keys: 1, loadMs: 1500 });
    const [pause, cut, jump] = faultRecords(history, plan);
    expect(pause).toMatchObject({
      title: "SIGSTOP w1",
      target: ["w1"],
      trigger: "w1 at critical-section",
      planned: { end: "3 s after it took effect" },
    });
    expect(Object.keys(cut?.at ?? {})).toEqual(["inject", "active", "heal", "healed"]);
    expect(jump).toMatchObject({ reason: expect.stringContaining("the load ended"), probes: [] });
    expect(faultRecords(new History([]), plan)).toHaveLength(3);
  });

  it("tell planned moments in words", () => {
    expect(momentInWords({ afterMs: 300 }, "start")).toBe("300 ms into the load");
    expect(momentInWords({ on: { event: "acquire", occurrence: 5 }, afterMs: 20 }, "start")).toBe(
      "ok acquire, time 5, 20 ms later",
    );
    expect(momentInWords({ on: { primary: "another" } }, "end")).toBe("another node becomes primary");
    expect(momentInWords({ on: { clock: "w3", passesMs: 400 } }, "end")).toBe("400 ms pass by the clock of w3");
    expect(
      momentInWords(
        {
          after: { fault: "cut", stage: "active" },
          afterMs: 2000,
          at: { worker: "w1", point: "critical-section", occurrence: 2 },
        },
        "start",
      ),
    ).toBe("after cut is active, 2 s later, when w1 reaches critical-section, arrival 2");
  });
});
