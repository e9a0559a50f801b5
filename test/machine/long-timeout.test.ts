import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LongTimeout, LONGEST_TIMER_MS, pause } from "../../machine/long-timeout.ts";
import { packageRoot } from "../../machine/package-root.ts";

const THOUSAND_HOURS_MS = 3_600_000_000;

describe("a long wait", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([0, 5, LONGEST_TIMER_MS, LONGEST_TIMER_MS + 1, THOUSAND_HOURS_MS, 3 * LONGEST_TIMER_MS + 7])(
    "of %d ms ends after just that time",
    (ms) => {
      const expired = vi.fn<() => void>();
      void new LongTimeout(expired, ms);
      if (ms > 1) vi.advanceTimersByTime(ms - 1);
      expect(expired).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(expired).toHaveBeenCalledTimes(1);
    },
  );

  it("without an end never ends, and is gone when it is cleared", () => {
    const expired = vi.fn<() => void>();
    const timer = new LongTimeout(expired, Infinity);
    vi.advanceTimersByTime(3 * LONGEST_TIMER_MS);
    timer.clear();
    expect(vi.getTimerCount()).toBe(0);
    expect(expired).not.toHaveBeenCalled();
  });

  it("leaves neither a timer nor a listener behind when it is cut short", async () => {
    const controller = new AbortController();
    const paused = pause(THOUSAND_HOURS_MS, controller.signal);
    expect(vi.getTimerCount()).toBe(1);
    controller.abort();
    await paused;
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("ends at once where it is cut short before", async () => {
    await pause(THOUSAND_HOURS_MS, AbortSignal.abort());
    expect(vi.getTimerCount()).toBe(0);
  });
});

/**
 * What a timer of Node.js is given as its length, in all sources but the embedded Toxiproxy's own timer and what runs
 * before redquake does.
 */
function lengthsOfPlainTimers(): string[] {
  const folders = "campaigns cli hosts machine matchers nemesis network runner session store systems workloads".split(
    " ",
  );
  const files = folders.flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, file)),
  );
  return files
    .filter((file) => file !== "machine/long-timeout.ts" && file !== "network/toxiproxy/deadline-timer.ts")
    .flatMap((file) => {
      const text = readFileSync(join(packageRoot, file), "utf8");
      return [...text.matchAll(/(?<!\w\.)\b(setTimeout|setInterval|AbortSignal\.timeout|delay)\(/g)].flatMap((call) => {
        const args = argumentsFrom(text, call.index + call[0].length);
        const length = call[1] === "setTimeout" || call[1] === "setInterval" ? args[1] : args[0];
        return length === undefined ? [] : [`${file}: ${length}`];
      });
    });
}

/** The arguments of a call, as they are written. */
function argumentsFrom(text: string, start: number): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; ; at += 1) {
    const letter = text[at] ?? ")";
    if (depth === 0 && (letter === "," || letter === ")")) {
      const argument = text.slice(from, at).trim();
      if (argument !== "") found.push(argument);
      from = at + 1;
      if (letter === ")") return found;
    } else if ("([{".includes(letter)) depth += 1;
    else if (")]}".includes(letter)) depth -= 1;
  }
}

describe("plain timers", () => {
  /** Lengths that nobody gives: each is made of constants, or is held to a range where it is read. */
  const BOUNDED = [
    "machine/await-condition.ts: everyMs",
    "network/answered.ts: patienceMs",
    "network/given-toxiproxy.ts: patienceMs",
    "network/greet.ts: patienceMs",
    "network/ping-traffic.ts: patienceMs",
    "nemesis/deadline.ts: withinMs",
    "nemesis/faults/clock-strobe.ts: periodMs",
    "nemesis/faults/clock-strobe.ts: Math.min(periodMs / 4, 20)",
    "nemesis/faults/flaky.ts: forMs",
    "nemesis/faults/stall.ts: silence",
    "runner/errand/run-errand.ts: deadlineMs",
    "workloads/clients/connection.ts: patienceMs",
    "session/init/leader-template.ts: termMs / 3",
    "workloads/leader/conformance/conformance.ts: TERMS * bench.termMs",
    "workloads/leader/leases/lease.ts: this.#parts.termMs / TRIES",
    "workloads/leader/leases/lease.ts: this.#until - performance.now()",
    "workloads/lock/conformance/bench.ts: DEADLINE_MS - HANGS_AGAIN_MS",
    "workloads/lock/conformance/bench.ts: waitMs",
    "workloads/lock/conformance/bench.ts: waitMs + (blocking ? 0 : DEADLINE_MS)",
    "workloads/adapter/conformance/calls.ts: deadlineMs",
    "workloads/lock/conformance/extension.ts: Math.max(0, bench.shortMs + REFUSAL_MS - (performance.now() - got))",
    "workloads/lock/locks/watched.ts: this.#ttlMs / REFRESHES",
    "workloads/lock/specimens/expires-others-by-own-clock.ts: ttlMs / REFRESHES",
  ];

  it("are given nothing that a user or a plan may make as long as they like", () => {
    const lengths = lengthsOfPlainTimers();
    expect(lengths).toContain("runner/run-plan.ts: FINISH_TIMEOUT_MS");
    const given = lengths.filter((each) => !/: (?:[A-Z][A-Z0-9_]*|\d[\d_]*)$/.test(each));
    expect([...new Set(given)].sort()).toEqual([...BOUNDED].sort());
  });
});
