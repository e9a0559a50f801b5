/** Grants that no traffic stands behind: the lock was not asked of the servers under test. */
import { describe, expect, it } from "vitest";
import { grantsWithoutTraffic } from "../../../checkers/judge/grants-without-traffic.ts";
import { NEMESIS } from "../../../history/operation.ts";
import type { Row } from "../history-of.ts";
import { historyOf, row } from "../history-of.ts";

function traffic(sent: { readonly [worker: string]: number }): Row {
  return { ms: 99, process: NEMESIS, type: "info", f: "traffic", value: { sent } };
}

/** The first two workers were granted a lock twice, and the third asked in vain. */
const GRANTS: readonly Row[] = [1, 2].flatMap((process) =>
  [10, 20].flatMap((ms) => [
    row(ms + process, process, "invoke", "acquire", "a"),
    row(ms + process + 5, process, "ok", "acquire", { key: "a", grant: `${process}-${ms}` }),
  ]),
);
const REFUSED: readonly Row[] = [row(30, 3, "invoke", "acquire", "a"), row(31, 3, "fail", "acquire", "a")];

function sentences(sent: { readonly [worker: string]: number }): string[] {
  return grantsWithoutTraffic(historyOf([...GRANTS, ...REFUSED, traffic(sent)]));
}

describe("grants without traffic", () => {
  it("are no matter where every worker has sent what its grants take, or was granted none", () => {
    expect(sentences({ w1: 40, w2: 9_000, w3: 0 })).toEqual([]);
  });

  it("are told of each worker, also where the others have asked", () => {
    expect(sentences({ w1: 9_000, w2: 0, w3: 0 })).toEqual([
      "w2 was granted 2 locks, and its links to the servers carried nothing from it during the load: its lock did not ask these servers, so no fault of this run has touched it.",
    ]);
  });

  it("are not hidden by heartbeats", () => {
    expect(sentences({ w1: 28, w2: 9_000, w3: 0 })).toEqual([
      expect.stringMatching(/^w1 was granted 2 locks, and its links to the servers carried only 28 bytes from it/),
    ]);
  });

  it("cannot be told from a history whose proxies have not counted", () => {
    expect(grantsWithoutTraffic(historyOf([...GRANTS]))).toEqual([]);
  });
});
