/** Nothing holds in a history in which nobody got anywhere, with any checker. */
import { describe, expect, it } from "vitest";
import { MODELS } from "../../../checkers/models.ts";
import { checkerNamed, CHECKERS } from "../../../checkers/registry.ts";
import { columnsOf } from "../../../history/columns/columns.ts";
import { History } from "../../../history/history.ts";
import type { HistoryEvent, Json } from "../../../history/operation.ts";

type Options = { readonly [name: string]: Json };

const MODEL_OPTIONS: { readonly [model: string]: Options } = {
  semaphore: { limit: 1 },
  bank: { accounts: ["a", "b"], total: 10 },
};

/** What each model can be asked. */
const ASKED: readonly (readonly [models: string, f: string, value: Json])[] = [
  ["register cas-register stale-reads", "write", 1],
  ["register cas-register set-full bank monotonic stale-reads counter set", "read", null],
  ["multi-register", "txn", [["w", "x", 1]]],
  ["mutex owner-aware-mutex reentrant-mutex fenced-mutex reentrant-fenced-mutex semaphore stats", "acquire", null],
  ["set set-full", "add", 1],
  ["counter", "add", 1],
  ["increment-and-get", "increment", null],
  ["unique-ids", "generate", null],
  ["fifo-queue unordered-queue total-queue", "enqueue", 1],
  ["key-value", "put", ["k", "v"]],
  ["list-append", "txn", [["append", "x", 1]]],
  ["rw-register", "txn", [["w", "x", 1]]],
  ["long-fork", "write", [["w", "x", 1]]],
];

/** Options with which each checker of claims is asked for as little as it lets one ask. */
const CLAIMS: readonly (readonly [checker: string, options: Options, f: string, value: Json])[] = [
  ["lock-overlap", { level: "grant" }, "acquire", "k"],
  ["lock-overlap", { level: "belief" }, "acquire", "k"],
  ["lock-resource", {}, "acquire", "k"],
  ["lock-token-order", {}, "acquire", "k"],
  ["lock-release", {}, "acquire", "k"],
  ["lock-progress", { boundMs: 1_000 }, "acquire", "k"],
  ["lock-leftovers", {}, "leftovers", null],
  ["lock-load", { maxPerSecond: 10 }, "commands", null],
  ["lock-answer", { property: "true" }, "acquire", "k"],
  ["lock-answer", { property: "prompt", boundMs: 1_000 }, "acquire", "k"],
  ["lock-extension", {}, "acquire", "k"],
  ["lock-false-loss", {}, "acquire", "k"],
  ["lock-outcome", {}, "acquire", "k"],
  ...["no-loss", "no-duplicate", "order", "no-phantom"].flatMap((property) => [
    [
      "delivery",
      { send: "publish", audience: "each", property },
      "publish",
      { channel: "c", message: "w1:1" },
    ] as const,
    ["delivery", { send: "add", audience: "group", property }, "add", { channel: "c", message: "w1:1" }] as const,
  ]),
  ...["no-loss-connected", "no-loss-unknown-to-app", "offered-again", "on-time", "drained", "receivers"].map(
    (property) =>
      [
        "delivery",
        { send: "publish", audience: "each", property },
        "publish",
        { channel: "c", message: "w1:1" },
      ] as const,
  ),
  [
    "delivery",
    { send: "publish", audience: "group", property: "one-effect" },
    "publish",
    { channel: "c", message: "w1:1" },
  ],
  ["recovery", { f: ["write"], unit: "worker", boundMs: 1_000 }, "write", ["k", 1]],
  ["jobs", { property: "one-effect" }, "add", { channel: "c", message: "w1:1" }],
  ["jobs", { property: "one-result" }, "add", { channel: "c", message: "w1:1" }],
  ["set-survival", { property: "acknowledged-survive" }, "add", ["k", 1]],
  ["set-survival", { property: "refused-absent" }, "add", ["k", 1]],
  ["set-survival", { property: "no-phantom" }, "add", ["k", 1]],
  ["register-survival", { property: "acknowledged-survive" }, "write", ["k", 1]],
  ["register-survival", { property: "refused-absent" }, "write", ["k", 1]],
  ["register-survival", { property: "no-stale-read" }, "write", ["k", 1]],
  ...["converges", "never-back", "no-phantom", "fresh-when-it-says-so", "never-stale"].map(
    (property) => ["cache", { property }, "read", { key: "k" }] as const,
  ),
  ["leader-overlap", { level: "told" }, "elected", { key: "k", term: "t" }],
  ["leader-overlap", { level: "asked" }, "believes", { key: "k" }],
  ["leader-progress", { boundMs: 1_000 }, "stand", { key: "k" }],
  ["leader-seat", {}, "observe", { node: "n1" }],
  ["leader-token-order", {}, "elected", { key: "k", term: "t" }],
  ["leader-word", { property: "after-demotion" }, "believes", { key: "k" }],
  ["leader-word", { property: "once" }, "elected", { key: "k", term: "t" }],
  ["leader-work", {}, "work", { key: "k", term: "t", value: 1 }],
  ...["once", "no-duplicate", "refused-nothing", "no-ghost", "atomic", "settles"].map(
    (property) =>
      ["client-calls", { property }, "call", { via: "command", command: "RPUSH", key: "k", elements: ["e"] }] as const,
  ),
  ["availability", { f: ["write"], boundMs: 1_000, afterFault: "f" }, "write", ["k", 1]],
  ["stops-accepting", { fault: "f", afterMs: 0, f: ["write"] }, "write", ["k", 1]],
  ["linearizable", { model: "register" }, "write", 1],
  ["elle", { model: "list-append" }, "txn", [["append", "x", 1]]],
  ["invariant", { model: "stale-reads" }, "write", 1],
];

/** So often an operation is tried, with the same value: some models take a value only once. */
const TRIES = 5;

/** Tried again and again, and each time it failed, or nobody knows. */
function withoutSuccess(f: string, value: Json, type: "fail" | "info", tries = TRIES): HistoryEvent[] {
  return Array.from({ length: 2 * tries }, (_, index) => ({
    index,
    time: index * 1e8,
    process: index >> 1,
    worker: `w${index >> 1}`,
    type: index % 2 === 0 ? "invoke" : type,
    f,
    value,
  }));
}

const HISTORIES = ["fail", "info"] as const;

describe.each([...MODELS])("%s", (name, analyze) => {
  const options = MODEL_OPTIONS[name] ?? {};
  const asked = ASKED.filter(([models]) => models.split(" ").includes(name));

  it("holds for no history without operations", () => {
    const { valid, vacuous } = analyze(columnsOf({ events: [] }), options);
    expect({ valid, vacuous }).toEqual({ valid: "unknown", vacuous: true });
  });

  it("holds for no history without success", () => {
    expect(asked.length).toBeGreaterThan(0);
    for (const [, f, value] of asked) {
      for (const type of HISTORIES) {
        const { valid, vacuous, reason } = analyze(columnsOf({ events: withoutSuccess(f, value, type, 1) }), options);
        expect({ valid, vacuous }, `${f} ${type}: ${reason}`).toEqual({ valid: "unknown", vacuous: true });
      }
    }
  });
});

describe.each([...CHECKERS.keys()])("the checker %s", (name) => {
  const claims = CLAIMS.filter(([checker]) => checker === name);

  it("holds for no history without operations or success", () => {
    expect(claims.length).toBeGreaterThan(0);
    for (const [, options, f, value] of claims) {
      for (const events of [[], ...HISTORIES.map((type) => withoutSuccess(f, value, type))]) {
        const { verdict, reason } = checkerNamed(name)(new History(events), options);
        expect(verdict, `${JSON.stringify(options)}: ${reason}`).not.toBe("holds");
      }
    }
  });
});

it("a claim by an analysis is vacuous where nothing succeeded", () => {
  const history = new History(withoutSuccess("write", 1, "fail"));
  const { verdict, reason } = checkerNamed("linearizable")(history, { model: "register" });
  expect({ verdict, reason }).toEqual({
    verdict: "vacuous",
    reason: "None of the 5 operations is known to have succeeded, so nothing was shown.",
  });
});
